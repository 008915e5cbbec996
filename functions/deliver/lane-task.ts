import type { SQSRecord } from 'aws-lambda';
import { AppError } from '../../shared/domain/app-error.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import { LaneMessage, type Part } from '../../shared/domain/lane-message.ts';

/** One part on its way through an invocation. */
export type LaneTask = {
  record: SQSRecord;
  destinationId: DestinationId;
  part: Part;
  /** Somebody may have worked on it before: its done row is looked up before anything is sent (design 2). */
  mayBeDone: boolean;
};

/** Opens a record of the lane. Throws AppError('malformed-message') for anything that deliver cannot work on whole. */
export function tasksOf(record: SQSRecord): LaneTask[] {
  const { destinationId, parts } = openMessage(record.body);
  const isReceivedAgain = Number(record.attributes.ApproximateReceiveCount) > 1;
  return parts.map((part) => {
    const isWhole = part.sends.every(
      ([, event, mapping]) => event < part.events.length && mapping < part.mappings.length,
    );
    if (!isWhole) throw malformed('a send points at no event or no mapping');
    return { record, destinationId, part, mayBeDone: isReceivedAgain || part.hop > 0 || part.again === true };
  });
}

function openMessage(body: string): LaneMessage {
  try {
    return LaneMessage.parse(JSON.parse(body));
  } catch (cause) {
    throw malformed('it does not fit its schema', cause);
  }
}

const malformed = (why: string, cause?: unknown): AppError =>
  new AppError('malformed-message', `A message of the lane is malformed: ${why}`, { cause, retry: false });
