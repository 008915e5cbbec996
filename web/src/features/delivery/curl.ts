/** A request as it was, or would be, sent. */
export type Sent = {
  method: string;
  url: string;
  requestHeaders: Readonly<Record<string, string>>;
  requestBody: string;
};

/** Set by curl itself, or wrong once the body is sent anew. */
const OWN_HEADERS = new Set(['content-length', 'host', 'connection', 'transfer-encoding', 'accept-encoding']);

/** A text in single quotes for a POSIX shell: nothing in it is run or replaced. */
export const quoted = (text: string): string => `'${text.replaceAll('\0', '').replaceAll("'", String.raw`'\''`)}'`;

/**
 * The same request as a command. Secrets are dots in what the API gives, so that they must be filled in. The body is raw: of one that begins with `@` curl
 * would send the file that it names.
 */
export function curlOf({ method, url, requestHeaders, requestBody }: Sent): string {
  const headers = Object.entries(requestHeaders).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()));
  return [
    `curl -X ${quoted(method)} ${quoted(url)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(requestBody === '' ? [] : [`--data-raw ${quoted(requestBody)}`]),
  ].join(' \\\n  ');
}

/** A body as JSON where it is, for a tree and a comparison; undefined where it is not. */
export function bodyValue(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
