/** Letters that somebody mistypes or loses; with more between them two keys are not one that was copied badly. */
export const NEAR_EDITS_MAX = 3;
/** Beginnings of a key that are long enough to be of that key alone. */
const PREFIX_CHARS_MIN = 8;
/** Of a key that is nobody's so much is shown at either end. */
const SHOWN_CHARS = 3;

/** Never a whole key: who sees it learns which of their senders it may be, and cannot use it. */
export const maskedKey = (key: string): string =>
  key.length < 4 * SHOWN_CHARS
    ? `… (${key.length} characters)`
    : `${key.slice(0, SHOWN_CHARS)}…${key.slice(-SHOWN_CHARS)}`;

/**
 * The key that was meant, if one is near: the same but for capitals, a beginning of it or it with something behind, or NEAR_EDITS_MAX letters apart at most.
 */
export function nearKey<T extends { writeKey: string }>(sent: string, own: readonly T[]): T | undefined {
  let best: { key: T; edits: number } | undefined;
  for (const key of own) {
    const edits = editsBetween(sent, key.writeKey);
    if (edits !== undefined && (best === undefined || edits < best.edits)) best = { key, edits };
  }
  return best?.key;
}

function editsBetween(sent: string, key: string): number | undefined {
  if (sent.toLowerCase() === key.toLowerCase()) return 0;
  const isBeginning =
    sent.length >= PREFIX_CHARS_MIN && key.length >= PREFIX_CHARS_MIN && (key.startsWith(sent) || sent.startsWith(key));
  if (isBeginning) return 1;
  return boundedDistance(sent, key, NEAR_EDITS_MAX);
}

/** Levenshtein's distance where it is `max` at most: only cells near the diagonal are looked at. */
export function boundedDistance(a: string, b: string, max: number): number | undefined {
  if (Math.abs(a.length - b.length) > max) return undefined;
  let before = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const line = Array.from({ length: b.length + 1 }, () => max + 1);
    if (row <= max) line[0] = row;
    for (let column = Math.max(1, row - max); column <= Math.min(b.length, row + max); column += 1) {
      const change = (before[column - 1] ?? max + 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      line[column] = Math.min(change, (before[column] ?? max + 1) + 1, (line[column - 1] ?? max + 1) + 1);
    }
    if (Math.min(...line) > max) return undefined;
    before = line;
  }
  const distance = before[b.length] ?? max + 1;
  return distance <= max ? distance : undefined;
}
