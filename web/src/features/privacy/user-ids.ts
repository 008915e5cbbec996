/** As the API takes them in one regulation. */
export const USERS_PER_REGULATION_MAX = 5_000;
/** Longer than any event can carry. */
const USER_ID_CHARS_MAX = 32_768;

/** User ids out of what people paste, one a line: compared character by character, so nothing but the space around them is taken off; each once. */
export function userIdsIn(pasted: string): { ids: string[]; tooLong: number } {
  const lines = pasted
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const ids = [...new Set(lines)];
  return {
    ids: ids.filter((id) => id.length <= USER_ID_CHARS_MAX),
    tooLong: ids.filter((id) => id.length > USER_ID_CHARS_MAX).length,
  };
}

/** Lists of no more than one request takes. */
export function chunked<T>(entries: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(entries.length / size) }, (_, index) =>
    entries.slice(index * size, (index + 1) * size),
  );
}
