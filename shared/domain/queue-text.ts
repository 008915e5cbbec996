/** Characters outside what SQS takes (#x9 | #xA | #xD | #x20-#xD7FF | #xE000-#xFFFD | #x10000-#x10FFFF), lone surrogates included. */
const REFUSED = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
const REFUSED_ALL = new RegExp(REFUSED, 'gu');

/**
 * JSON text as SQS takes it: refused characters as `\uXXXX`, which parses to the same value, since in valid JSON they stand inside strings
 * only. Text without any, which is nearly all, comes back as it is.
 */
export const queueText = (json: string): string => (REFUSED.test(json) ? json.replace(REFUSED_ALL, escaped) : json);

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
