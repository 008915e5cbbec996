import * as z from 'zod';
import type { AuditEntry } from './audit.ts';
import { EVENT_TYPES } from './event.ts';
import { DestinationId, ReplayId, SourceId, WorkspaceId } from './ids.ts';
import type { ReplayFilter } from './replay.ts';
import { Timestamp } from './timestamp.ts';

/** Sends a second of one replay. */
export const REPLAY_RATE_MAX = 5_000;
export const REPLAY_RATE_DEFAULT = 100;
/** Entries of each list of a filter. */
export const REPLAY_LIST_MAX = 100;
/** Names of events, codes and reasons that counts tell apart, most frequent first; the rest is summed up. */
export const REPLAY_COUNTS_MAX = 100;
/** Of a name that is counted; the rest of it is cut off. Three lists of 100 have 150 KB then, whatever the script. */
const COUNTED_CHARS_MAX = 128;
/** Of a filter as JSON: an order and its counts fit into an item (400 KB), and twenty of them into an answer. */
export const REPLAY_FILTER_BYTES_MAX = 50_000;
const NAME_CHARS_MAX = 512;
const MESSAGE_ID_CHARS_MAX = 512;
const USER_ID_CHARS_MAX = 1_024;
const CONDITION_CHARS_MAX = 8_192;

const few = <T extends z.ZodType>(entry: T) => z.array(entry).min(1).max(REPLAY_LIST_MAX).optional();

/** What of one destination is sent again. `from` is included, `to` is not: when dead letters ended, or archived events were received. */
export const ReplayOrderFilter = z.object({
  of: z.enum(['DEAD_LETTERS', 'ARCHIVE']),
  from: Timestamp,
  to: Timestamp,
  codes: few(z.string().min(1).max(NAME_CHARS_MAX)),
  if: z.string().min(1).max(CONDITION_CHARS_MAX).optional(),
  events: few(z.string().min(1).max(NAME_CHARS_MAX)),
  types: few(z.enum(EVENT_TYPES)),
  messageIds: few(z.string().min(1).max(MESSAGE_ID_CHARS_MAX)),
  userId: z.string().min(1).max(USER_ID_CHARS_MAX).optional(),
});
export type ReplayOrderFilter = z.infer<typeof ReplayOrderFilter>;

const Count = z.object({ name: z.string(), count: z.int().positive() });
/** Counts by name, most frequent first, REPLAY_COUNTS_MAX of them; `more` is what the other names have together. */
const Counted = z.object({ counts: z.array(Count).max(REPLAY_COUNTS_MAX), more: z.int().nonnegative() });
export type Counted = z.infer<typeof Counted>;

/** What a look through the store found. A send is an event for one mapping. */
export const ReplayCounts = z.object({
  sends: z.int().nonnegative(),
  byCode: Counted,
  byEvent: Counted,
  /** What fits the filter and is not sent, by reason. Of archived events, events; else sends. */
  leftOut: Counted,
  /** There is more than one run takes: the same order takes the next. */
  hasMore: z.boolean(),
});
export type ReplayCounts = z.infer<typeof ReplayCounts>;

/** In sends. sent = delivered + failed. */
const ReplayStand = z.object({
  sent: z.int().nonnegative(),
  delivered: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  expired: z.int().nonnegative(),
});

/** Why an order ended before its time. */
const REPLAY_FAILURES = ['deleted', 'switched off', 'paused', 'unknown type', 'too large', 'expired', 'error'] as const;

/**
 * What somebody asked to send again, and how far it is. `counting` until the store was looked through; `running` while sends are queued; then `finished`, `cancelled`
 * or `failed`, for ever. Kept 90 days. The run that it has become (`runId`) is the ledger's, where its sends are accounted for.
 */
export const ReplayOrder = z.object({
  v: z.literal(1),
  id: ReplayId,
  workspaceId: WorkspaceId,
  destinationId: DestinationId,
  /** Of the destination: whoever sees it sees the order. */
  sourceId: SourceId,
  filter: ReplayOrderFilter,
  /** Sends a second. */
  rate: z.int().positive(),
  /** Only counts. */
  dryRun: z.boolean(),
  createdAt: Timestamp,
  createdBy: z.string().max(320),
  state: z.enum(['counting', 'running', 'finished', 'cancelled', 'failed']),
  counts: ReplayCounts.optional(),
  /** Of the ledger's run, known before that is written. */
  runId: ReplayId.optional(),
  runNumber: z.int().positive().optional(),
  /** Somebody has cancelled it; it ends as soon as whoever works on it looks. */
  cancelledAt: Timestamp.optional(),
  /** How all that it has sent has ended: rows of its run need not be read again, and expire before it. Absent while anything waits. */
  stand: ReplayStand.optional(),
  endedAt: Timestamp.optional(),
  failure: z.enum(REPLAY_FAILURES).optional(),
  /** Whoever works on it, and when they last said so. */
  holder: z.string().optional(),
  touchedAt: Timestamp,
  /** Errors in a row: each time it is tried again, up to a bound. */
  errors: z.int().nonnegative(),
  writeId: z.string(),
});
export type ReplayOrder = z.infer<typeof ReplayOrder>;

const TIME_DIGITS = 11;
const RANDOM_CHARS = 11;

/** An id that sorts by the time at which it was made. `random`: characters of base64url, of which the last 11 count (66 bits). */
export const orderIdAt = (ms: number, random: string): ReplayId =>
  ReplayId.parse(
    `rp_${ms.toString(16).padStart(TIME_DIGITS, '0')}${random.slice(-RANDOM_CHARS).padStart(RANDOM_CHARS, '0')}`,
  );

export const hasEnded = ({ state }: Pick<ReplayOrder, 'state'>): boolean =>
  state === 'finished' || state === 'cancelled' || state === 'failed';

/** The filter as the store is looked through by it. */
export const filterOf = ({
  filter: { of: _of, if: condition, ...rest },
}: Pick<ReplayOrder, 'filter'>): ReplayFilter => ({
  ...rest,
  condition,
});

/** The most frequent names first, ties by name. */
export function countedOf(counts: ReadonlyMap<string, number>): Counted {
  const sorted = [...counts]
    .filter(([, count]) => count > 0)
    .toSorted(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
  return {
    counts: sorted
      .slice(0, REPLAY_COUNTS_MAX)
      .map(([name, count]) => ({ name: name.slice(0, COUNTED_CHARS_MAX), count })),
    more: sorted.slice(REPLAY_COUNTS_MAX).reduce((sum, [, count]) => sum + count, 0),
  };
}

/** Names that are told apart while counting; events of all others are counted under the empty name. */
const NAMES_MAX = 10_000;

export function addCount(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < NAMES_MAX ? name : '';
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** What the audit trail says of an order, beside who gave it. Whose events it sends stands in the order alone. */
export const orderEntry = (
  order: ReplayOrder,
  event: 'Replay Started' | 'Replay Cancelled',
  at: string,
): Omit<AuditEntry, 'id' | 'actor'> => ({
  workspaceId: order.workspaceId,
  at,
  event,
  resource: { type: 'REPLAY', id: order.id },
  ...(event === 'Replay Started' && {
    after: {
      destinationId: order.destinationId,
      of: order.filter.of,
      from: order.filter.from,
      to: order.filter.to,
      rate: order.rate,
      dryRun: order.dryRun,
    },
  }),
});
