/** A first request with a token, to this deployment. */
export const curlFor = (apiUrl: string, token: string): string =>
  `curl -H 'Authorization: Bearer ${token}' ${apiUrl}/sources`;
