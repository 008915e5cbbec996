import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { hourOf } from '../domain/timestamp.ts';
import type { LateSubject } from '../ports/rollup-store.ts';
import { ledgerKeys } from './ledger-keys.ts';

/** A row is late when its hour has been over for an hour: an aggregator that runs hourly, and reopens three, meets all others. */
const LATE_AFTER_HOUR_BEGAN_MS = 2 * 3_600_000;
/**
 * A row is early when its hour begins later than this: a retry that is given up while it waits is filed under when it was due. Who reads the
 * books looks two minutes ahead; the rest is for clocks that differ.
 */
const EARLY_BEFORE_HOUR_BEGAN_MS = 60_000;
/**
 * One mark serves the rows of a subject and hour that an environment writes in this time. The aggregator takes marks that are MARK_REST_MS old:
 * by then whatever was written under a mark is there.
 */
const MARK_SERVES_MS = 60_000;
/** Marks that one environment remembers. */
const MARKS_MAX = 1_000;
const DAY_SECONDS = 86_400;

type LateRow = { subject: LateSubject; at: string; writtenAt: string; writeId: string };

/**
 * Says that an hour is about to change which may have been rolled up (design 2), or which nobody looks at yet: called before the row is put,
 * `at` being the time that files the row. Who reads the books reads marked hours from their rows. Nothing is written for rows in time.
 */
export function lateMarks(
  doc: DynamoDBDocumentClient,
  tableName: string,
  rowDays: number,
): (row: LateRow) => Promise<void> {
  const markedAtMs = new Map<string, number>();
  return async ({ subject, at, writtenAt, writeId }) => {
    const hour = hourOf(at);
    const nowMs = Date.parse(writtenAt);
    const sinceHourBeganMs = nowMs - Date.parse(`${hour}:00:00.000Z`);
    if (sinceHourBeganMs >= -EARLY_BEFORE_HOUR_BEGAN_MS && sinceHourBeganMs < LATE_AFTER_HOUR_BEGAN_MS) return;
    const key = ledgerKeys.lateHour(subject, hour);
    const lastMs = markedAtMs.get(key.sk);
    if (lastMs !== undefined && Math.abs(nowMs - lastMs) < MARK_SERVES_MS) return;
    const expiresAtSeconds = Math.ceil(nowMs / 1_000) + rowDays * DAY_SECONDS;
    const item = { ...key, nonce: writeId, markedAt: writtenAt, expiresAtSeconds };
    await doc.send(new PutCommand({ TableName: tableName, Item: item }));
    if (markedAtMs.size >= MARKS_MAX) markedAtMs.clear();
    markedAtMs.set(key.sk, nowMs);
  };
}
