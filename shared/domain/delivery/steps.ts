import { addCounts } from '../books.ts';
import type { ConnectionLine, DeliveryLine, SourceLine } from '../detail.ts';
import type { EventKind } from '../event-kind.ts';
import type { Counts } from '../ledger-rows.ts';

/** The pipeline of a source and one of its destinations (G08), in order. The first four count events, the last two sends. */
export const STEPS = [
  'SUCCESSFULLY_RECEIVED',
  'FAILED_ON_INGEST',
  'FILTERED_AT_SOURCE',
  'FILTERED_AT_DESTINATION',
  'FAILED_DELIVERY',
  'SUCCESSFUL_DELIVERY',
] as const;
export const SOURCE_STEPS = ['SUCCESSFULLY_RECEIVED', 'FAILED_ON_INGEST', 'FILTERED_AT_SOURCE'] as const;
export type SourceStep = (typeof SOURCE_STEPS)[number];
export type DeliveryStep = 'FAILED_DELIVERY' | 'SUCCESSFUL_DELIVERY';

/** Reasons of a source beside those of `invalid` and `blocked`. */
const DUPLICATE = 'duplicate';
const SUPPRESSED = 'suppressed';
/** Segment's word for what was delivered at its first try; books tell that from all later ones. */
export const FIRST_ATTEMPT = 'successes.attempt.1';
export const LATER_ATTEMPTS = 'successes.attempt.later';

/**
 * What one step counted of one kind of event and one reason. `retries`: of successful delivery those that took more than one try; of failed delivery
 * tries that failed and go on, which are no end and not in `count`.
 */
export type Cell = {
  kind: EventKind;
  /** Empty where the step knows no subscriptions. */
  subscriptionId: string;
  /** Empty where nothing was discarded. */
  reason: string;
  count: number;
  retries: number;
};

/**
 * Of a source: received = SUCCESSFULLY_RECEIVED + FAILED_ON_INGEST, and SUCCESSFULLY_RECEIVED = FILTERED_AT_SOURCE + routed. Repeats and events of
 * suppressed users were received well and end at the source.
 */
export function sourceCells(step: SourceStep, lines: readonly SourceLine[]): Cell[] {
  return lines.flatMap((line) => {
    if (step === 'FAILED_ON_INGEST') return cellsOf(line.kind, '', line.invalid);
    if (step === 'FILTERED_AT_SOURCE') {
      const ends = addCounts(line.blocked, { [DUPLICATE]: line.duplicate, [SUPPRESSED]: line.suppressed });
      return cellsOf(line.kind, '', ends);
    }
    return cellsOf(line.kind, '', { '': line.received - sum(line.invalid) });
  });
}

/** Lines of one connection of a source's details. */
export const linesOfConnection = (
  connections: Readonly<Record<string, ConnectionLine[]>>,
  id: string,
): ConnectionLine[] => (Object.hasOwn(connections, id) ? (connections[id] ?? []) : []);

/** Of one destination of a source, in events. */
export const filteredCells = (lines: readonly ConnectionLine[]): Cell[] =>
  lines.flatMap(({ kind, filtered }) => cellsOf(kind, '', filtered));

/** Of a destination, in sends: delivered + discarded(code) + dead-lettered(reason). */
export function deliveryCells(step: DeliveryStep, lines: readonly DeliveryLine[]): Cell[] {
  return lines.flatMap(({ kind, mappingId, firstTry, onRetry, discarded, deadLettered, retry, untried = 0 }) => {
    const about = { kind, subscriptionId: mappingId };
    if (step === 'SUCCESSFUL_DELIVERY') {
      return [
        { ...about, reason: FIRST_ATTEMPT, count: firstTry, retries: 0 },
        { ...about, reason: LATER_ATTEMPTS, count: onRetry, retries: onRetry },
      ].filter(({ count }) => count > 0);
    }
    const ended = cellsOf(kind, mappingId, addCounts(discarded, deadLettered));
    const retries = retry - untried;
    return retries > 0 ? [...ended, { ...about, reason: '', count: 0, retries }] : ended;
  });
}

const cellsOf = (kind: EventKind, subscriptionId: string, counts: Counts): Cell[] =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => ({ kind, subscriptionId, reason, count, retries: 0 }));

const sum = (counts: Counts): number => Object.values(counts).reduce((all, count) => all + count, 0);
