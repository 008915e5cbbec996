/** Several secrets of one setting as the one text that is sealed. */
export const listAsSecret = (texts: readonly string[]): string => JSON.stringify(texts);

/** The secrets in a text: those of a list that was made one by `listAsSecret`, else those between which there are commas, blanks or line ends. */
export function secretsOf(text: string): string[] {
  if (text.startsWith('[')) {
    try {
      const read: unknown = JSON.parse(text);
      if (Array.isArray(read)) return read.filter((item) => typeof item === 'string');
    } catch {
      // A secret may begin so, too.
    }
  }
  return text.split(/[\s,]+/).filter((item) => item !== '');
}
