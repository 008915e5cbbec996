import type { SQSRecord } from 'aws-lambda';
import { decodeHead } from '../../shared/aws/intake-codec.ts';
import { log, logError } from '../../shared/aws/log.ts';
import { betweenMarks } from '../../shared/pipeline/between-marks.ts';
import type { DeadLetterStore } from '../../shared/ports/delivery-stores.ts';
import type { PlanStore, TryStore } from '../../shared/ports/ledger.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import { nameOfBody, putAway } from '../../shared/sqs/put-away.ts';
import { type EndDeps, endParts } from './end-parts.ts';
import { partsOfLaneMessage, partsOfRequest, type ReadDeps } from './parts-of-message.ts';

export type EmptyDeps = EndDeps &
  Omit<ReadDeps, 'plans'> & {
    plans: Pick<PlanStore, 'getPlan' | 'putRefusals' | 'putUnreadable'>;
    deadLetters: Pick<DeadLetterStore, 'put' | 'putUnreadable'>;
    tries: TryStore;
    /** Whether a record comes from the intake queue's dead-letter queue; otherwise it is the lanes'. */
    isOfIntake: (record: SQSRecord) => boolean;
  };

/** A record is not begun with less time than this: reads, one object and the rows of its parts. */
const LAST_START_BEFORE_DEADLINE_MS = 15_000;
/**
 * SQS deletes what is 14 days old, wherever it lay. What cannot be worked off by this age for a reason that nobody has mended is kept whole
 * instead.
 */
const WHOLE_AT_AGE_MS = 13 * 86_400_000;

/**
 * The queue face of empty-dead-letters: what nobody came to an end with in 100 receives gets one here (design 3). Nothing stays in flight
 * for ever, and nothing is lost when the dead-letter queues' 14 days are over. Records are worked on one after another; one that kills
 * even us is kept whole after six receives. Answers the messageIds that must come again.
 */
export const emptyBatch =
  (deps: EmptyDeps) =>
  async (records: readonly SQSRecord[], context: BatchContext): Promise<readonly string[]> => {
    const failed: string[] = [];
    for (const record of records) {
      if (context.remainingMs() < LAST_START_BEFORE_DEADLINE_MS || !(await emptied(deps, record))) {
        failed.push(record.messageId);
      }
    }
    return failed;
  };

/** True when everything of the record is written. */
async function emptied(deps: EmptyDeps, record: SQSRecord): Promise<boolean> {
  const intakeId = decodeHead(record.body)?.intakeId;
  const fields = { sqsMessageId: record.messageId, ...(intakeId !== undefined && { intakeId }) };
  try {
    return await emptyGuarded(deps, record);
  } catch (error) {
    logError('A dead letter was not put away and comes again', error, fields);
  }
  if (deps.now().getTime() - Number(record.attributes.SentTimestamp) < WHOLE_AT_AGE_MS) return false;
  try {
    await putAway(deps, record, 'crash_loop');
    log('ERROR', 'A dead letter that could not be worked off was kept whole before its queue forgets it', fields);
    return true;
  } catch (error) {
    logError('A dead letter was not kept whole either', error, fields);
    return false;
  }
}

async function emptyGuarded(deps: EmptyDeps, record: SQSRecord): Promise<boolean> {
  if (Number(record.attributes.ApproximateReceiveCount) === 1) return await empty(deps, record);
  let isDone = false;
  // A name of its own: the marks that route left tell of route's deaths.
  const mark = { name: `dead-letter#${nameOfBody(record)}`, receive: deps.newWriteId() };
  const end = await betweenMarks(deps.tries, mark, async () => {
    isDone = await empty(deps, record);
  });
  if (end === 'ended') return isDone;
  await putAway(deps, record, 'crash_loop');
  return true;
}

/** False: not yet. */
async function empty(deps: EmptyDeps, record: SQSRecord): Promise<boolean> {
  const found = deps.isOfIntake(record) ? await partsOfRequest(deps, record) : partsOfLaneMessage(record);
  if (found.found === 'held') return false;
  if (found.found === 'parts') await endParts(deps, found.parts);
  if (found.found === 'unreadable') await putAway(deps, record, found.reason);
  return true;
}
