import type { SQSRecord } from 'aws-lambda';
import { decodeHead } from '../../shared/aws/intake-codec.ts';
import { log } from '../../shared/aws/log.ts';
import { RECEIVES_WITH_PLAN_MAX } from '../../shared/config/limits.ts';
import { beforeDeadline, betweenMarks } from '../../shared/pipeline/between-marks.ts';
import type { TryStore } from '../../shared/ports/ledger.ts';
import type { Timers } from '../../shared/ports/timers.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import { nameOfBody, putAway } from '../../shared/sqs/put-away.ts';
import { type HandBackDeps, type HandBacks, handBacks, heldMs, receivesOf } from './hand-backs.ts';
import {
  inStages,
  LAST_PLAN_BEFORE_DEADLINE_MS,
  routeTogether,
  type StageDeps,
  type ToRoute,
} from './route-together.ts';

export type RouteDeps = StageDeps & HandBackDeps & { tries: TryStore; timers: Pick<Timers, 'after'> };

/**
 * The queue face of route. What comes for the first time is routed together. What comes again without a plan, and nobody knows why, may
 * kill who works on it: it is routed alone, after the others and between marks, and put away when too many marks stand (trap Q5). Answers
 * the messageIds that must come again.
 */
export const routeBatch =
  (deps: RouteDeps) =>
  async (records: readonly SQSRecord[], context: BatchContext): Promise<readonly string[]> => {
    const back = handBacks(deps);
    const { together, suspects } = await sortOut(deps, records, back);
    await routeTogether(deps, together, context, back);
    if (suspects.length > 0) {
      // Whoever dies over a suspect must not take along what the others have to say.
      await back.settled();
      for (const item of await leastMarkedFirst(deps, suspects, back)) await routeAlone(deps, item, context, back);
    }
    return await back.settled();
  };

/**
 * Looks up the plans of what comes again (a first delivery has none). One that is young belongs to another invocation: its message is left
 * alone. A plan says that its message can be read; one that keeps coming back all the same is no longer trusted.
 */
async function sortOut(
  deps: RouteDeps,
  records: readonly SQSRecord[],
  back: HandBacks,
): Promise<{ together: ToRoute[]; suspects: ToRoute[] }> {
  const together: ToRoute[] = [];
  const suspects: ToRoute[] = [];
  const lookUp = async (record: SQSRecord): Promise<ToRoute> => {
    const head = receivesOf(record) > 1 ? decodeHead(record.body) : undefined;
    return { record, row: head && (await deps.plans.getPlan(head)) };
  };
  const items = records.map((record) => ({ record }));
  for (const item of await inStages(items, ({ record }) => lookUp(record), back)) {
    const { record, row } = item;
    const isTrusted = receivesOf(record) <= (row === undefined ? 1 : RECEIVES_WITH_PLAN_MAX);
    if (row !== undefined && heldMs(deps.now(), row) > 0) back.held(record, row);
    else if (isTrusted) together.push(item);
    else suspects.push(item);
  }
  return { together, suspects };
}

/** Whoever left marks before comes last, so that the others are through when it kills us. */
async function leastMarkedFirst(deps: RouteDeps, suspects: readonly ToRoute[], back: HandBacks): Promise<ToRoute[]> {
  const counted = await inStages(
    suspects,
    async (item) => ({ ...item, marks: await deps.tries.unended(nameOfBody(item.record)) }),
    back,
  );
  return counted.toSorted((a, b) => a.marks - b.marks);
}

/** Without the time for it, it goes back, and no mark is left. */
async function routeAlone(deps: RouteDeps, item: ToRoute, context: BatchContext, back: HandBacks): Promise<void> {
  const { record, row } = item;
  if (context.remainingMs() < LAST_PLAN_BEFORE_DEADLINE_MS) {
    back.later(record);
    return;
  }
  try {
    const mark = { name: nameOfBody(record), receive: deps.newWriteId() };
    // Stores that hang until Lambda ends us would look like a message that kills.
    const end = await betweenMarks(deps.tries, mark, () =>
      beforeDeadline(deps.timers, context.remainingMs(), () => routeTogether(deps, [item], context, back)),
    );
    if (end === 'ended') return;
    log('ERROR', 'An intake message kills whoever works on it', { sqsMessageId: record.messageId });
    // What has a plan is in the books: its parts end there when the dead-letter queue is emptied.
    if (row === undefined) await putAway(deps, record, 'crash_loop');
    else back.later(record);
  } catch (error) {
    back.failed(record, 'An intake message was not routed alone and comes again', error);
  }
}
