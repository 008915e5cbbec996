import type { SQSRecord } from 'aws-lambda';
import { logError } from '../../shared/aws/log.ts';
import {
  SENDS_IN_FLIGHT_MAX,
  SHARED_LANE_SENDS_IN_FLIGHT_MAX,
  SHARED_LANE_WAIT_MS,
} from '../../shared/config/limits.ts';
import { nextHop, sentOn } from '../../shared/pipeline/next-hop.ts';
import type { DeliverySample, SampleStore } from '../../shared/ports/delivery-stores.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import { Invocation, type InvocationDeps } from './invocation.ts';
import { type LaneTask, tasksOf } from './lane-task.ts';
import { type OnwardDeps, onwardParts } from './onward-parts.ts';
import type { SlotBounds } from './send-slots.ts';
import { type SortDeps, sortTasks } from './sort-tasks.ts';
import type { Timers } from '../../shared/ports/timers.ts';

export type DeliverDeps = InvocationDeps &
  OnwardDeps &
  SortDeps & {
    samples: Pick<SampleStore, 'put'>;
    /** Whether a record comes from the lane that destinations share. */
    isOfSharedLane: (record: SQSRecord) => boolean;
    /** 0 to 1. */
    random: () => number;
  };

/** Samples are examples: they get what time is left, less this, and never fail an invocation whose work is done. */
const SAMPLES_BEFORE_DEADLINE_MS = 1_000;

/** On a lane of its own a destination has all sends of an invocation; on the shared one it must leave room, and wait for its turn only so long. */
const OWN_LANE: SlotBounds = { inAllMax: SENDS_IN_FLIGHT_MAX, perDestinationMax: SENDS_IN_FLIGHT_MAX };
const SHARED_LANE: SlotBounds = {
  inAllMax: SENDS_IN_FLIGHT_MAX,
  perDestinationMax: SHARED_LANE_SENDS_IN_FLIGHT_MAX,
  waitMsMax: SHARED_LANE_WAIT_MS,
};

/**
 * The queue face of deliver. Each part is sent, settled and written into the books on its own; a message is acknowledged when all its parts
 * are, and what is left to send of them lies in a lane again. Parts that are not due are sent on; parts that cannot be started in time go
 * back with their message, at once and without an attempt counted. Answers the messageIds that must come again.
 */
export const deliverBatch =
  (deps: DeliverDeps) =>
  async (records: readonly SQSRecord[], context: BatchContext): Promise<readonly string[]> => {
    const bounds = records.some(deps.isOfSharedLane) ? SHARED_LANE : OWN_LANE;
    const onward = onwardParts(deps);
    const invocation = new Invocation(deps, context, { bounds, onward, jitter: deps.random() });
    const tasks = invocation.withoutCopies(readAll(records, invocation));
    const sorted = await sortTasks(deps, tasks).catch((error: unknown) => {
      for (const { record } of tasks)
        invocation.fail(record, 'The books did not answer; nothing of it was sent', error);
    });
    if (sorted !== undefined) {
      await invocation.run(sorted.open, sorted.ended);
      await invocation.runAlone(sorted.suspect);
      // What comes again brings these again: sent on each time, one message that is handed back often would make many.
      const acknowledged = ({ record }: Pick<LaneTask, 'record'>): boolean => !invocation.comesAgain(record);
      for (const { record, destinationId, part } of sorted.early.filter(acknowledged)) {
        onward.add(record, destinationId, sentOn(part));
      }
      // Somebody settled it, and may have died before the next hop lay in its lane: a second copy of that meets its own row.
      for (const { task, row } of sorted.done.filter(({ task }) => acknowledged(task))) {
        const next = nextHop(task.part, row);
        if (next !== undefined) onward.add(task.record, task.destinationId, next);
      }
    }
    for (const record of await onward.flush()) {
      invocation.fail(record, 'No lane took what goes on', new Error('Neither its own lane nor the shared one'));
    }
    const handedBack = await invocation.handedBack();
    await keepSamples(deps, invocation.samples, context);
    return handedBack;
  };

function readAll(records: readonly SQSRecord[], invocation: Invocation): LaneTask[] {
  return records.flatMap((record) => {
    try {
      return tasksOf(record);
    } catch (error) {
      invocation.fail(record, 'A message of the lane cannot be read', error);
      return [];
    }
  });
}

async function keepSamples(
  { samples, timers }: Pick<DeliverDeps, 'samples'> & { timers: Timers },
  kept: readonly DeliverySample[],
  context: BatchContext,
): Promise<void> {
  const leftMs = context.remainingMs() - SAMPLES_BEFORE_DEADLINE_MS;
  if (kept.length === 0 || leftMs <= 0) return;
  const late = Promise.withResolvers<void>();
  const cancel = timers.after(leftMs, late.resolve);
  const put = samples.put(kept).catch((error: unknown) => logError('Samples were not kept', error));
  await Promise.race([put, late.promise]);
  cancel();
}
