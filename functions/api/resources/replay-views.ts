import type * as z from 'zod';
import type { ReplayRun as ReplayShape } from '../../../shared/api/operations/replay-shapes.ts';
import { MASKED } from '../../../shared/domain/audit.ts';
import type { ReplayRun } from '../../../shared/domain/replay.ts';
import { type Counted, hasEnded, type ReplayOrder } from '../../../shared/domain/replay-order.ts';
import { totalsOfRun } from '../../../shared/pipeline/replay-run.ts';
import type { ReplayOrderStore } from '../../../shared/ports/replay-orders.ts';
import type { ReplayStore } from '../../../shared/ports/replay-stores.ts';

export type ShownReplay = z.output<ReturnType<typeof ReplayShape>>;
/** What orders are shown by, and to whom. */
export type ReplaySight = { runs: RunReader; orders: Pick<ReplayOrderStore, 'save'>; piiAccess: boolean };
export type RunReader = Pick<ReplayStore, 'getRun' | 'donesOfRun'>;

const NOTHING: Counted = { counts: [], more: 0 };

const FAILURES: Readonly<Record<NonNullable<ReplayOrder['failure']>, string>> = {
  deleted: 'The destination was deleted.',
  'switched off': 'The destination was switched off. What was not sent by then another replay may take.',
  paused: 'The destination was paused. What was not sent by then another replay may take.',
  'unknown type': 'There is no such type of destination any more.',
  'too large': 'There is more than one replay takes: choose a shorter time.',
  expired: 'What was to be sent has expired.',
  error:
    'It came upon an error each time that it was tried; the log of the function `replay` has it. An operator can go on with its run.',
};

/** Of whom events were chosen by; names of events are no secret. */
const PERSONAL_FILTERS = ['userId', 'messageIds', 'if'] as const;

/** A filter as its caller may see it. Who may not see personal data learns that it names somebody, and not whom. */
function shownFilter(filter: ReplayOrder['filter'], piiAccess: boolean): ReplayOrder['filter'] {
  if (piiAccess) return filter;
  const shown = { ...filter };
  for (const key of PERSONAL_FILTERS) {
    if (shown[key] !== undefined) Object.assign(shown, { [key]: key === 'messageIds' ? [MASKED] : MASKED });
  }
  return shown;
}

/**
 * An order as people see it, with how its sends stand: of one whose sends have all ended as it was noted then, by whoever looked first; else one read of
 * an item, and one of the rows of its run, where it has one.
 */
export async function showReplay(order: ReplayOrder, { runs, orders, piiAccess }: ReplaySight): Promise<ShownReplay> {
  const { counts, endedAt } = order;
  return {
    id: order.id,
    destinationId: order.destinationId,
    filter: shownFilter(order.filter, piiAccess),
    rate: order.rate,
    dryRun: order.dryRun,
    status: statusOf(order),
    failure: order.failure === undefined ? null : FAILURES[order.failure],
    createdAt: order.createdAt,
    createdBy: order.createdBy,
    finishedAt: endedAt ?? null,
    runId: order.runId ?? null,
    planned: counts?.sends ?? null,
    byCode: counts?.byCode ?? NOTHING,
    byEvent: counts?.byEvent ?? NOTHING,
    leftOut: counts?.leftOut ?? NOTHING,
    hasMore: counts?.hasMore ?? false,
    ...(await standOf(order, { runs, orders })),
  };
}

type Stand = Pick<ShownReplay, 'sent' | 'delivered' | 'failed' | 'waiting' | 'expired' | 'recovered'>;
const NOT_SENT: Stand = { sent: 0, delivered: 0, failed: 0, waiting: 0, expired: 0, recovered: 0 };

async function standOf(order: ReplayOrder, { runs, orders }: Pick<ReplaySight, 'runs' | 'orders'>): Promise<Stand> {
  if (order.stand !== undefined) {
    return { ...order.stand, waiting: 0, recovered: order.filter.of === 'DEAD_LETTERS' ? order.stand.delivered : 0 };
  }
  if (order.state === 'counting' || order.runNumber === undefined) return NOT_SENT;
  const run = await runs.getRun(order.destinationId, order.runNumber);
  if (run === undefined || run.runId !== order.runId) return NOT_SENT;
  const stand = await standOfRun(run, runs);
  const isFinal = hasEnded(order) && (run.finishedAt ?? run.cancelledAt) !== undefined && stand.waiting === 0;
  if (isFinal) {
    const { sent, delivered, failed, expired } = stand;
    // Where somebody else saves it meanwhile, the next look notes it.
    await orders.save(order, { ...order, stand: { sent, delivered, failed, expired } });
  }
  return stand;
}

async function standOfRun(run: ReplayRun, runs: RunReader): Promise<Stand> {
  const { delivered, discarded, deadLettered } = totalsOfRun(run, await runs.donesOfRun(run.runId));
  const failed = discarded + deadLettered;
  // A round is in its lane a moment before the run says so.
  const sent = Math.max(run.position - run.gone, delivered + failed);
  return {
    sent,
    delivered,
    failed,
    waiting: sent - delivered - failed,
    expired: run.gone,
    recovered: run.of === undefined ? delivered : 0,
  };
}

const statusOf = (order: ReplayOrder): ShownReplay['status'] => {
  if (!hasEnded(order) && order.cancelledAt !== undefined) return 'CANCELLED';
  return STATUS[order.state];
};

const STATUS = {
  counting: 'COUNTING',
  running: 'RUNNING',
  finished: 'FINISHED',
  cancelled: 'CANCELLED',
  failed: 'FAILED',
} as const satisfies Record<ReplayOrder['state'], ShownReplay['status']>;
