/** Controls (C0, C1), halves of a character, and what turns the direction of the text around: embeddings, overrides and isolates. */
const UNFIT_IN_NAMES = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u;
const LINE_ENDS_AND_TABS = /[\t\n\r]/g;

/**
 * Whether a text can be the name of a thing: it looks like what it is wherever it is shown, in lists, logs, files and terminals. Asked of what comes in
 * by the API and the seed, not of what is stored: a name from before is still read.
 */
export const isPlainName = (text: string): boolean => !UNFIT_IN_NAMES.test(text);

/** The same of a description, which may have several lines. */
export const isPlainDescription = (text: string): boolean => isPlainName(text.replaceAll(LINE_ENDS_AND_TABS, ''));

export const NOT_PLAIN =
  'must have no control characters, no halves of characters and no marks that turn the direction of text';
