import type { PartError } from '../../shared/domain/ledger-rows.ts';

/** Lines of the error table that one part may add; rarer ones are summed up in the last. */
const LINES_MAX = 50;
const CODE_CHARS_MAX = 64;
const MESSAGE_CHARS_MAX = 256;

export const cutCode = (code: string): string => code.slice(0, CODE_CHARS_MAX);

/** Sums failures by code and message, most frequent first. */
export function errorLines(failures: readonly { code: string; message: string }[]): PartError[] {
  const lines = new Map<string, PartError>();
  for (const failure of failures) {
    const code = cutCode(failure.code);
    const message = causeOf(failure.message);
    const name = `${code} ${message}`;
    lines.set(name, { code, message, count: (lines.get(name)?.count ?? 0) + 1 });
  }
  const sorted = [...lines.values()].toSorted((a, b) => b.count - a.count);
  if (sorted.length <= LINES_MAX) return sorted;
  const rest = sorted.slice(LINES_MAX - 1).reduce((sum, { count }) => sum + count, 0);
  return [...sorted.slice(0, LINES_MAX - 1), { code: 'OTHER', message: 'Other errors', count: rest }];
}

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
