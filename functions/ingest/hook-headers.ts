/** Headers of a request that mappings may look at, and their characters together and one by one. */
const HEADERS_MAX = 20;
const HEADERS_CHARS_MAX = 4_096;
const HEADER_CHARS_MAX = 512;

/** What tools say about a delivery: their own headers, and those of CloudEvents and standard webhooks. */
const TOLD =
  /^(?:content-type|user-agent|idempotency-key|(?:x|ce|webhook|svix)-[a-z0-9-]+|[a-z0-9-]*(?:event|delivery|topic|hook)[a-z0-9-]*)$/;
/** What opens something, says who asks, or is of the way here rather than of the tool. */
const NEVER =
  /auth|cookie|signature|hmac|secret|token|password|session|credential|jwt|api-?key|access-?key|^x-(?:forwarded|amz|amzn|real-ip|client-ip|tributary)/;

/**
 * The headers of a request that travel with it, names in lower case: few, small, and none that holds a secret. `idHeader`, which names the delivery,
 * comes first; the others in the order of their names, so that which are left out does not depend on chance.
 */
export function keptHeaders(
  headers: Readonly<Record<string, string | undefined>>,
  idHeader?: string,
): Record<string, string> {
  const wanted = idHeader?.toLowerCase();
  const names = Object.keys(headers)
    .filter((name) => (name === wanted || TOLD.test(name)) && !NEVER.test(name))
    .toSorted((a, b) => Number(b === wanted) - Number(a === wanted) || (a < b ? -1 : 1));
  const kept: [string, string][] = [];
  let chars = 0;
  for (const name of names) {
    const value = headers[name];
    if (value === undefined || value.length > HEADER_CHARS_MAX) continue;
    chars += name.length + value.length;
    if (kept.length === HEADERS_MAX || chars > HEADERS_CHARS_MAX) break;
    kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}
