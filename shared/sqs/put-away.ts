import type { SQSRecord } from 'aws-lambda';
import { contentName } from '../aws/content-name.ts';
import { decodeHead } from '../aws/intake-codec.ts';
import type { UnreadableRow } from '../domain/ledger-rows.ts';
import { dayOf } from '../domain/timestamp.ts';
import type { DeadLetterStore } from '../ports/delivery-stores.ts';
import type { PlanStore } from '../ports/ledger.ts';

export type PutAwayDeps = {
  deadLetters: Pick<DeadLetterStore, 'putUnreadable'>;
  plans: Pick<PlanStore, 'putUnreadable'>;
};

/** What a message is called while nobody knows what is in it: copies of one message have one name. */
export const nameOfBody = ({ body }: Pick<SQSRecord, 'body'>): string => contentName(body);

/**
 * Puts away a message that nobody can read: whole into the dead-letter store, then into the books as one request. Only after that may it be
 * acknowledged. Of what the client sent nothing is looked at. Done twice, it is counted once. Throws when a store fails.
 */
export async function putAway(
  { deadLetters, plans }: PutAwayDeps,
  record: SQSRecord,
  reason: UnreadableRow['reason'],
): Promise<void> {
  const head = decodeHead(record.body);
  // A time of the message, not of a clock: it is part of the row's key.
  const at = head?.receivedAt ?? new Date(Number(record.attributes.SentTimestamp)).toISOString();
  const deadLetterKey = await deadLetters.putUnreadable(dayOf(at), record.body);
  await plans.putUnreadable({
    v: 1,
    unreadableId: nameOfBody(record),
    at,
    ...(head !== undefined && { sourceId: head.sourceId, intakeId: head.intakeId }),
    reason,
    deadLetterKey,
  });
}
