/** What tools say about a delivery: their own headers, and those of CloudEvents and standard webhooks. */
const TOLD =
  /^(?:content-type|user-agent|idempotency-key|(?:x|ce|webhook|svix)-[a-z0-9-]+|[a-z0-9-]*(?:event|delivery|topic|hook)[a-z0-9-]*)$/;
/** What opens something, says who asks, or is of the way here rather than of the tool; anywhere in a name. */
const NEVER =
  /auth|cookie|signature|hmac|secret|token|passw|passphrase|session|credential|bearer|jwt|csrf|xsrf|verif|(?:api|access|auth|hook|master|private|shared|sign|signing|write)-?key|^x-(?:forwarded|amz|amzn|real-ip|client-ip|tributary)/;
/** The same as a word of its own, since `sig` is also in `signup`, and `pin` in `shipping`. */
const NEVER_A_WORD = /(?:^|-)(?:keys?|sigs?\d*|sign|signed|signing|macs?|digest|pass|pwd|pin|otp|creds?)(?:-|$)/;
/** Keys that open nothing: they name a delivery, or what happened (Bitbucket's `X-Event-Key: repo:push`). */
const NAMING_KEY = /(^|-)(?:idempotency|idempotent|event|delivery|message|dedup|deduplication|partition)-key$/;

/**
 * Headers that every request has, that whatever lies on the way makes, changes or takes out (RFC 9110, 7.6.1), or that browsers and caches fill in: none
 * of them can carry a signature.
 */
const OF_THE_WAY = new Set(
  `accept accept-charset accept-encoding accept-language cache-control connection date expect forwarded from host
  keep-alive max-forwards origin pragma proxy-authenticate proxy-authorization proxy-connection referer te
  trailer transfer-encoding upgrade user-agent via content-encoding content-length content-type cookie range`.split(
    /\s+/,
  ),
);

/** Whether a header, in any case, cannot be the one that a signature, or a secret, stands in. */
export const isUnfitForSignature = (name: string): boolean =>
  OF_THE_WAY.has(name.toLowerCase()) || /^(?:x-(?:forwarded|amz|amzn|tributary)-|sec-|access-control-)/i.test(name);

/** Whether a header, in lower case, is one by which tools tell of a delivery. */
export const isToldHeader = (name: string): boolean => TOLD.test(name);

/** Whether a header, in lower case, may hold what nobody but the sender and ingest should see. It goes nowhere, whatever a source says of it. */
export const isSecretHeader = (name: string): boolean =>
  NEVER.test(name) || NEVER_A_WORD.test(name.replace(NAMING_KEY, '$1'));
