import type { SQSRecord } from 'aws-lambda';
import { decodeMessage } from '../../shared/aws/queue-codec.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import { LaneMessage, type Part } from '../../shared/domain/lane-message.ts';

/**
 * A message that was put on the lane so long after its parts were due may have been there before: moved back from a dead-letter queue it is
 * received for the first time again, although some of its parts are done.
 */
const OVERDUE_MS = 5 * 60_000;

/** One part on its way through an invocation. */
export type LaneTask = {
  record: SQSRecord;
  destinationId: DestinationId;
  part: Part;
  /** How often its message has been received, this time included. */
  receives: number;
  /** When its message was put on the lane, in ms since the epoch: whoever did that may know newer configuration than we hold. */
  queuedAtMs: number;
  /** Somebody may have worked on it before: its done row is looked up before anything is sent (design 2). */
  mayBeDone: boolean;
};

/** Opens a record of the lane. Throws AppError('malformed-message') for anything that deliver cannot work on whole. */
export function tasksOf(record: SQSRecord): LaneTask[] {
  const { destinationId, parts } = openMessage(record.body);
  const receives = Number(record.attributes.ApproximateReceiveCount);
  const queuedAtMs = Number(record.attributes.SentTimestamp);
  return parts.map((part) => {
    const isWhole = part.sends.every(
      ([, event, mapping]) => event < part.events.length && mapping < part.mappings.length,
    );
    if (!isWhole) throw malformed('a send points at no event or no mapping');
    const isOverdue = queuedAtMs - Date.parse(part.dueAt) > OVERDUE_MS;
    const mayBeDone = receives > 1 || part.hop > 0 || part.again === true || isOverdue;
    return { record, destinationId, part, receives, queuedAtMs, mayBeDone };
  });
}

function openMessage(body: string): LaneMessage {
  try {
    return LaneMessage.parse(decodeMessage(body));
  } catch (cause) {
    throw malformed('it does not fit its schema', cause);
  }
}

/** Intake ids that a log line names; a message has a handful of parts. */
const IDS_MAX = 10;

/** What a log line calls a message of the lane: by SQS's name, by its destination, and by the requests that its parts are of. */
export function namesOf(record: SQSRecord): { sqsMessageId: string; destinationId?: string; intakeIds?: string } {
  const sqsMessageId = record.messageId;
  try {
    const { destinationId, parts } = openMessage(record.body);
    const ids = [...new Set(parts.map(({ intakeId }) => intakeId))];
    return { sqsMessageId, destinationId, intakeIds: ids.slice(0, IDS_MAX).join(' ') };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { sqsMessageId };
  }
}

const malformed = (why: string, cause?: unknown): AppError =>
  new AppError('malformed-message', `A message of the lane is malformed: ${why}`, { cause, retry: false });
