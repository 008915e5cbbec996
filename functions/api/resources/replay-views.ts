import type * as z from 'zod';
import type { ReplayRun as ReplayShape } from '../../../shared/api/operations/replay-shapes.ts';
import type { ReplayRun } from '../../../shared/domain/replay.ts';
import { type Counted, hasEnded, type ReplayOrder } from '../../../shared/domain/replay-order.ts';
import { totalsOfRun } from '../../../shared/pipeline/replay-run.ts';
import type { ReplayStore } from '../../../shared/ports/replay-stores.ts';

export type ShownReplay = z.output<ReturnType<typeof ReplayShape>>;
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

/** An order as people see it, with how its sends stand: one read of an item, and one of the rows of its run, where it has one. */
export async function showReplay(order: ReplayOrder, runs: RunReader): Promise<ShownReplay> {
  const { counts, endedAt } = order;
  return {
    id: order.id,
    destinationId: order.destinationId,
    filter: order.filter,
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
    ...(await standOf(order, runs)),
  };
}

type Stand = Pick<ShownReplay, 'sent' | 'delivered' | 'failed' | 'waiting' | 'expired' | 'recovered'>;
const NOT_SENT: Stand = { sent: 0, delivered: 0, failed: 0, waiting: 0, expired: 0, recovered: 0 };

async function standOf(order: ReplayOrder, runs: RunReader): Promise<Stand> {
  if (order.state === 'counting' || order.runNumber === undefined) return NOT_SENT;
  const run = await runs.getRun(order.destinationId, order.runNumber);
  return run === undefined || run.runId !== order.runId ? NOT_SENT : await standOfRun(run, runs);
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
