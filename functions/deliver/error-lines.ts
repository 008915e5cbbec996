import { causeOf } from '../../shared/domain/error-cause.ts';
import type { PartError } from '../../shared/domain/ledger-rows.ts';

/** Lines of the error table that one part may add; rarer ones are summed up in the last. */
const LINES_MAX = 50;
const CODE_CHARS_MAX = 64;

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
