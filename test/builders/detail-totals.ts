import { addCounts, total } from '../../shared/domain/books.ts';
import type { DestinationTotals, SourceTotals } from '../../shared/domain/books.ts';
import type { DestinationDetail, SourceDetail } from '../../shared/domain/detail.ts';
import type { Counts } from '../../shared/domain/ledger-rows.ts';

const sumOf = <T>(lines: readonly T[], of: (line: T) => number): number =>
  lines.reduce((sum, line) => sum + of(line), 0);
const countsOf = <T>(lines: readonly T[], of: (line: T) => Counts): Counts =>
  lines.reduce((sum: Counts, line) => addCounts(sum, of(line)), {});
const withoutZeros = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

/** What a source's detail adds up to, in the words of its books. */
export const sumsOfSource = ({ lines, connections }: SourceDetail) => ({
  received: sumOf(lines, ({ received }) => received),
  invalid: countsOf(lines, ({ invalid }) => invalid),
  duplicate: sumOf(lines, ({ duplicate }) => duplicate),
  suppressed: sumOf(lines, ({ suppressed }) => suppressed),
  blocked: countsOf(lines, ({ blocked }) => blocked),
  routed: sumOf(lines, ({ routed }) => routed),
  planned: Object.fromEntries(
    Object.entries(connections).map(([id, of]) => [
      id,
      { filtered: countsOf(of, ({ filtered }) => filtered), queued: sumOf(of, ({ queued }) => queued) },
    ]),
  ),
});
export const booksOfSource = (totals: SourceTotals): ReturnType<typeof sumsOfSource> => ({
  received: totals.received,
  invalid: withoutZeros(totals.invalid),
  duplicate: totals.duplicate,
  suppressed: totals.suppressed,
  blocked: withoutZeros(totals.blocked),
  routed: totals.routed,
  planned: Object.fromEntries(
    Object.entries(totals.planned)
      // Of which nothing is counted.
      .filter(([, { filtered, queued }]) => queued + total(filtered) > 0)
      .map(([id, { filtered, queued }]) => [id, { filtered: withoutZeros(filtered), queued }]),
  ),
});

/** The same of a destination. */
export const sumsOfDestination = ({ lines, latency }: DestinationDetail) => ({
  delivered: sumOf(lines, ({ firstTry, onRetry }) => firstTry + onRetry),
  discarded: countsOf(lines, ({ discarded }) => discarded),
  deadLettered: countsOf(lines, ({ deadLettered }) => deadLettered),
  retry: sumOf(lines, ({ retry }) => retry),
  retried: sumOf(lines, ({ retried }) => retried),
  latency,
});
export const booksOfDestination = (totals: DestinationTotals): ReturnType<typeof sumsOfDestination> => ({
  delivered: totals.delivered,
  discarded: withoutZeros(totals.discarded),
  deadLettered: withoutZeros(totals.deadLettered),
  retry: totals.retry,
  retried: totals.retried,
  latency: totals.latency,
});

/** Sends that a destination's detail tells of, whatever became of them. */
export const sendsIn = ({ lines }: DestinationDetail): number =>
  sumOf(lines, (line) => line.firstTry + line.onRetry + total(line.discarded) + total(line.deadLettered) + line.retry);
