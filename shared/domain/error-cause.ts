/** Characters of a message in the books. */
const MESSAGE_CHARS_MAX = 256;

/**
 * A message without what differs from event to event: addresses of people, ids and numbers. One cause is one line then, and no personal data
 * get into the books.
 */
export const causeOf = (message: string): string =>
  message
    .replaceAll(/[^\s<>"'(),;:]{1,64}@[^\s<>"'(),;:]{1,255}/g, '<email>')
    .replaceAll(/\b(?=[\w-]*\d)[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b/gi, '#')
    .replaceAll(/\d+(?:[.,]\d+)*/g, '#')
    .slice(0, MESSAGE_CHARS_MAX);
