import { createHash } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import { logError } from '../../shared/aws/log.ts';
import { decodeMessage } from '../../shared/aws/queue-codec.ts';
import { ArchiveMessage } from '../../shared/domain/lane-message.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import type { ArchiveStore } from '../../shared/ports/archive-store.ts';

/** Hexadecimal digits of the hash in a name: 128 bits. */
const NAME_CHARS = 32;
/** Objects written at once. */
const WRITES_IN_FLIGHT_MAX = 5;

type Entry = { record: SQSRecord; message: ArchiveMessage; id: string };

/**
 * The queue face of archive: one object for each source and hour of receivedAt in the invocation. An object's name derives from what is in
 * it, so the same batch again is the same object. Records come again one by one: those that are malformed, and those of an object that
 * could not be written.
 */
export const archiveBatch =
  (deps: { archive: ArchiveStore }) =>
  async (records: readonly SQSRecord[]): Promise<readonly string[]> => {
    const failed: string[] = [];
    const groups = new Map<string, Entry[]>();
    for (const record of records) {
      const entry = open(record);
      if (entry === undefined) {
        failed.push(record.messageId);
      } else {
        const name = `${entry.message.sourceId} ${hourOf(entry.message.receivedAt)}`;
        groups.set(name, [...(groups.get(name) ?? []), entry]);
      }
    }
    const waiting = [...groups.values()];
    while (waiting.length > 0) {
      const written = waiting.splice(0, WRITES_IN_FLIGHT_MAX).map(async (entries) => {
        if (!(await write(deps.archive, entries))) failed.push(...entries.map(({ record }) => record.messageId));
      });
      await Promise.all(written);
    }
    return failed;
  };

function open(record: SQSRecord): Entry | undefined {
  try {
    const message = ArchiveMessage.parse(decodeMessage(record.body));
    return { record, message, id: idOf(message) };
  } catch (error) {
    logError('A message of the archive queue is malformed', error, { sqsMessageId: record.messageId });
    return undefined;
  }
}

/** What a message holds, by ids: of one intake message several may come, each with other events. */
const idOf = ({ intakeId, events }: ArchiveMessage): string =>
  JSON.stringify([intakeId, events.map((event) => event['messageId'])]);

/** True when the object is in the archive. */
async function write(archive: ArchiveStore, entries: readonly Entry[]): Promise<boolean> {
  const distinct = [...new Map(entries.map((entry) => [entry.id, entry])).values()].toSorted((a, b) =>
    a.message.receivedAt === b.message.receivedAt
      ? compare(a.id, b.id)
      : compare(a.message.receivedAt, b.message.receivedAt),
  );
  const [first] = distinct;
  if (first === undefined) return true;
  const hash = createHash('sha256');
  for (const { id } of distinct) hash.update(id).update('\n');
  try {
    await archive.put({
      sourceId: first.message.sourceId,
      hour: hourOf(first.message.receivedAt),
      name: hash.digest('hex').slice(0, NAME_CHARS),
      events: distinct.flatMap(({ message }) => message.events),
    });
    return true;
  } catch (error) {
    logError('An object of the archive was not written; its records come again', error, { records: entries.length });
    return false;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
