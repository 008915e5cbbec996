import { createHash } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import { logError } from '../../shared/aws/log.ts';
import { decodeMessage } from '../../shared/aws/queue-codec.ts';
import type { ArchiveDigest } from '../../shared/domain/archive-digest.ts';
import { archiveKey, type ArchivePlace } from '../../shared/domain/archive-keys.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import { ArchiveMessage } from '../../shared/domain/lane-message.ts';
import { schemaDigestOf } from '../../shared/domain/schema-digest.ts';
import { hourOf, hourPlus } from '../../shared/domain/timestamp.ts';
import { type IdHash, userDigestOf } from '../../shared/domain/tracked-users.ts';
import type { ArchiveStore } from '../../shared/ports/archive-store.ts';

/** Hexadecimal digits of the hash in a name: 128 bits. */
const NAME_CHARS = 32;
/** Objects written at once. */
const WRITES_IN_FLIGHT_MAX = 5;
/**
 * A digest of an hour that began longer ago is marked as late. The hourly run looks at three hours before the present one, so that what is not marked
 * has at least an hour to get there.
 */
const HOURS_IN_TIME = 2;

export type ArchiveDeps = {
  archive: ArchiveStore;
  /** For ids of a workspace. */
  idHashOf: (workspaceId: string) => IdHash;
  now: () => Date;
};

type Entry = { record: SQSRecord; message: ArchiveMessage; id: string };

/**
 * The queue face of archive: one object for each source and hour of receivedAt in the invocation. An object's name derives from what is in
 * it, so the same batch again is the same object. Beside it goes its digest. Records come again one by one: those that are malformed, and those of an object that
 * could not be written.
 */
export const archiveBatch =
  (deps: ArchiveDeps) =>
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
        if (!(await write(deps, entries))) failed.push(...entries.map(({ record }) => record.messageId));
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

/** Intake ids that a log line names. */
const IDS_MAX = 10;

/** True when the object and its digest are in the archive. */
async function write(deps: ArchiveDeps, entries: readonly Entry[]): Promise<boolean> {
  const distinct = [...new Map(entries.map((entry) => [entry.id, entry])).values()].toSorted((a, b) =>
    a.message.receivedAt === b.message.receivedAt
      ? compare(a.id, b.id)
      : compare(a.message.receivedAt, b.message.receivedAt),
  );
  const [first] = distinct;
  if (first === undefined) return true;
  const hash = createHash('sha256');
  for (const { id } of distinct) hash.update(id).update('\n');
  const { sourceId, receivedAt } = first.message;
  const place = { sourceId, hour: hourOf(receivedAt), name: hash.digest('hex').slice(0, NAME_CHARS) };
  const messages = distinct.map(({ message }) => message);
  const events = messages.flatMap((message) => message.events);
  try {
    await deps.archive.put({ ...place, events });
    await deps.archive.putDigest(
      place,
      digestOf(deps, place, [first.message, ...messages.slice(1)], events),
      lateIn(deps.now(), place.hour),
    );
    return true;
  } catch (error) {
    logError('An object of the archive was not written; its records come again', error, {
      records: entries.length,
      intakeIds: [...new Set(entries.map(({ message }) => message.intakeId))].slice(0, IDS_MAX).join(' '),
    });
    return false;
  }
}

function digestOf(
  { idHashOf }: ArchiveDeps,
  place: ArchivePlace,
  messages: readonly [ArchiveMessage, ...ArchiveMessage[]],
  events: readonly Record<string, unknown>[],
): ArchiveDigest {
  const [first] = messages;
  const { workspaceId, sourceId, receivedAt } = first;
  return {
    v: 1,
    workspaceId,
    sourceId,
    archiveKey: archiveKey(place),
    from: receivedAt,
    to: messages.at(-1)?.receivedAt ?? receivedAt,
    events: events.length,
    // Everything on a queue of ours is JSON.
    users: userDigestOf(events as readonly JsonObject[], idHashOf(workspaceId)),
    schema: schemaDigestOf(messages),
  };
}

function lateIn(now: Date, hour: string): string | undefined {
  const present = hourOf(now.toISOString());
  return hour < hourPlus(present, -HOURS_IN_TIME) ? present : undefined;
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
