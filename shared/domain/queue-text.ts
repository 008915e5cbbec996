/** Characters outside what SQS takes (#x9 | #xA | #xD | #x20-#xD7FF | #xE000-#xFFFD | #x10000-#x10FFFF), lone surrogates included. */
const REFUSED = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
/**
 * A quick look for units that may be such a character; pairs of surrogates, which may not, are looked at again. JSON holds no raw control
 * characters but white space. Costs nearly nothing where all characters are below U+0100.
 */
const SUSPECT = /[\ud800-\udfff\ufffe\uffff]/;

/**
 * Valid JSON as SQS takes it: refused characters as `\uXXXX`, which parses to the same value, since in JSON they stand inside strings only.
 * Text without any, which is nearly all, comes back as it is.
 */
export const queueText = (json: string): string => (SUSPECT.test(json) ? json.replace(REFUSED, escaped) : json);

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
