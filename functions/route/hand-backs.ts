import type { SQSRecord } from 'aws-lambda';
import { decodeHead } from '../../shared/aws/intake-codec.ts';
import { logError } from '../../shared/aws/log.ts';
import { PLAN_HOLD_MS } from '../../shared/config/limits.ts';
import type { PlanRow } from '../../shared/domain/ledger-rows.ts';
import { failedAgainSeconds } from '../../shared/pipeline/again-after.ts';

export type HandBackDeps = {
  /** Keeps a received message away for so many seconds from now. */
  holdBack: (receiptHandle: string, seconds: number) => Promise<void>;
  now: () => Date;
};

/** The records of an invocation that come again, each when it makes sense: sooner than the queue's visibility timeout as a rule. */
export type HandBacks = {
  /** Its work ended with an error of ours. */
  failed(record: SQSRecord, why: string, error: unknown): void;
  /** It had no turn, or what it sent was not taken. */
  later(record: SQSRecord): void;
  /** Its plan may be obeyed only later. */
  held(record: SQSRecord, row: PlanRow): void;
  /** Resolves with the messageIds so far when SQS knows when each is to come. Best effort: else the visibility timeout holds. */
  settled(): Promise<readonly string[]>;
};

export function handBacks(deps: HandBackDeps): HandBacks {
  const messageIds: string[] = [];
  const holds: Promise<void>[] = [];
  const keepAway = (record: SQSRecord, seconds: number): void => {
    messageIds.push(record.messageId);
    const hold = deps.holdBack(record.receiptHandle, seconds).catch((error: unknown) => {
      logError('A message keeps its visibility timeout', error, namesOf(record));
    });
    holds.push(hold);
  };
  const later = (record: SQSRecord): void => keepAway(record, failedAgainSeconds(receivesOf(record)));
  return {
    failed: (record, why, error) => {
      logError(why, error, namesOf(record));
      later(record);
    },
    later,
    held: (record, row) => {
      const waitMs = heldMs(deps.now(), row);
      if (waitMs > 0) keepAway(record, Math.ceil(waitMs / 1_000));
      else later(record);
    },
    settled: async () => {
      await Promise.all(holds);
      return messageIds;
    },
  };
}

/** What a log line calls a message: by SQS's name, and by ours, under which everything else knows its request. */
export const namesOf = (record: SQSRecord): { sqsMessageId: string; intakeId?: string } => {
  const intakeId = decodeHead(record.body)?.intakeId;
  return { sqsMessageId: record.messageId, ...(intakeId !== undefined && { intakeId }) };
};

/** How long others stay away from a plan yet. A clock that runs behind must not keep a message away for longer than the hold. */
export const heldMs = (now: Date, row: PlanRow): number =>
  Math.min(Date.parse(row.plannedAt) + PLAN_HOLD_MS - now.getTime(), PLAN_HOLD_MS);

/** How often a record has been received, this time included. */
export const receivesOf = (record: SQSRecord): number => Number(record.attributes.ApproximateReceiveCount);
