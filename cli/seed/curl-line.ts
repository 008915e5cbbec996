/** A line that sends an event when it is pasted into a shell. */
export const curlLine = (trackingUrl: string, writeKey: string): string =>
  `curl -u ${writeKey}: -H 'Content-Type: application/json' -d '{"userId":"me","event":"Hello","properties":{"from":"curl"}}' ${trackingUrl}/v1/track`;
