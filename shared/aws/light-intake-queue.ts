import type { IntakeQueue } from '../ports/queues.ts';
import { encodeIntake, encodeNotice } from './intake-codec.ts';
import type { LightClient } from './light-client.ts';

/** Group of notices: they are nobody's events, and must not make a source look noisy. */
const NOTICES_GROUP = 'notices';

/**
 * The intake queue: a standard queue whose message group is the source, so that SQS serves quiet sources before a flood (Q16). Throws
 * AppError('upstream-unavailable') when SQS did not say that it has the message; it may have it all the same.
 */
export function lightIntakeQueue(sqs: LightClient, queueUrl: string): IntakeQueue {
  const send = async (text: string, group: string): Promise<void> => {
    await sqs.call('SendMessage', { QueueUrl: queueUrl, MessageBody: text, MessageGroupId: group });
  };
  return {
    send: (head, bodyText) => send(encodeIntake(head, bodyText), head.sourceId),
    sendNotice: (notice) => send(encodeNotice(notice), NOTICES_GROUP),
  };
}
