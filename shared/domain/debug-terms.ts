/** Terms of one query; further ones are not looked at. */
export const QUERY_TERMS_MAX = 20;
const KEYS = ['type', 'event', 'name', 'user', 'anonymous', 'message', 'status', 'reason', 'destination'] as const;
export type QueryKey = (typeof KEYS)[number];
/** `key` undefined: text anywhere in the payload. */
export type QueryTerm = { key: QueryKey | undefined; text: string; isExcluded: boolean };

const SPACE = /\s/;

/**
 * What people type to search: words, "words with spaces", `type:track event:"Order Completed" user:1 status:blocked`, each with `-` before it for what
 * shall not be. Every text is some query: an unknown key is text. Linear in its length.
 */
export function parseDebugQuery(text: string): QueryTerm[] {
  const terms: QueryTerm[] = [];
  let at = 0;
  while (at < text.length && terms.length < QUERY_TERMS_MAX) {
    if (SPACE.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const isExcluded = text.charAt(at) === '-' && at + 1 < text.length && !SPACE.test(text.charAt(at + 1));
    if (isExcluded) at += 1;
    const key = keyAt(text, at);
    if (key !== undefined) at += key.length + 1;
    const value = valueAt(text, at);
    at = value.end;
    if (value.text !== '') terms.push({ key, text: value.text, isExcluded });
  }
  return terms;
}

const keyAt = (text: string, at: number): QueryKey | undefined => {
  const word = text.slice(at, at + 12).toLowerCase();
  return KEYS.find((key) => word.startsWith(`${key}:`) && text.length > at + key.length + 1);
};

function valueAt(text: string, at: number): { text: string; end: number } {
  if (text.charAt(at) === '"') {
    const close = text.indexOf('"', at + 1);
    const end = close === -1 ? text.length : close;
    return { text: text.slice(at + 1, end), end: end + 1 };
  }
  let end = at;
  while (end < text.length && !SPACE.test(text.charAt(end))) end += 1;
  return { text: text.slice(at, end), end };
}
