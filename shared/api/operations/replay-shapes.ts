import * as z from 'zod';
import { EVENT_TYPES } from '../../domain/event.ts';
import { REPLAY_COUNTS_MAX, REPLAY_LIST_MAX } from '../../domain/replay-order.ts';
import { shape } from '../shape.ts';

const few = <T extends z.ZodType>(entry: T) => z.array(entry).min(1).max(REPLAY_LIST_MAX).optional();

/** What is sent again; of a list any entry fits. */
export const ReplayFilter = shape('ReplayFilter', () =>
  z.strictObject({
    /** Of what was not delivered, or of everything that was archived. */
    of: z.enum(['DEAD_LETTERS', 'ARCHIVE']),
    /** When dead letters ended, or archived events were received: from the first moment to before the second. */
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    codes: few(z.string().min(1).max(512)),
    if: z.string().min(1).max(8_192).optional(),
    events: few(z.string().min(1).max(512)),
    types: few(z.enum(EVENT_TYPES)),
    messageIds: few(z.string().min(1).max(512)),
    userId: z.string().min(1).max(1_024).optional(),
  }),
);

/** Most frequent first; `more`: what those that are not named have together. */
const ReplayCounted = shape('ReplayCounted', () =>
  z.strictObject({
    counts: z.array(z.strictObject({ name: z.string(), count: z.int() })).max(REPLAY_COUNTS_MAX),
    more: z.int(),
  }),
);

export const ReplayRun = shape('ReplayRun', () =>
  z.strictObject({
    id: z.string(),
    destinationId: z.string(),
    filter: ReplayFilter(),
    rate: z.int(),
    dryRun: z.boolean(),
    status: z.enum(['COUNTING', 'RUNNING', 'FINISHED', 'CANCELLED', 'FAILED']),
    /** Why it has failed, as a sentence. */
    failure: z.string().nullable(),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    finishedAt: z.iso.datetime().nullable(),
    /** The run's name in the ledger, in dead letters and for operators; null before it sends anything. */
    runId: z.string().nullable(),
    /** What it sends, in sends: an event for one mapping. Null while it counts. */
    planned: z.int().nullable(),
    byCode: ReplayCounted(),
    byEvent: ReplayCounted(),
    /** What fits the filter and is not sent, by reason. */
    leftOut: ReplayCounted(),
    /** There is more than one run takes: the same replay once more takes the next. */
    hasMore: z.boolean(),
    /** Queued so far: sent = delivered + failed + waiting. */
    sent: z.int(),
    delivered: z.int(),
    /** Ended otherwise: dead letters of this run, which another replay may take. */
    failed: z.int(),
    waiting: z.int(),
    /** Gone from the store before they were sent. */
    expired: z.int(),
    /** Of dead letters: what it delivered that was lost. The same as `delivered`; 0 of archived events. */
    recovered: z.int(),
  }),
);
