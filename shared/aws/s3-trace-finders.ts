import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { isJsonObject, type JsonObject } from '../domain/json.ts';
import type { ArchiveFinder, LetterFinder } from '../ports/trace-stores.ts';
import { s3DeadLetterReader } from './s3-dead-letter-reader.ts';
import { linesOf } from './s3-lines.ts';

/** Pages of 1,000 keys of one source and hour that are listed. */
const LIST_PAGES_MAX = 2;
/** An object is written within the archive queue's window after an event came, a little before at most (clocks), and hardly ever later than this. */
const WRITTEN_BEFORE_MS = 2_000;
const WRITTEN_WITHIN_MS = 1_200_000;
/** Objects that are read for one event, and the text of each. */
const OBJECTS_READ_MAX = 6;
const OBJECT_CHARS_MAX = 64_000_000;
/** Letters of one object that are looked at; deliver writes some 2,200 at most. */
const LETTERS_MAX = 5_000;

const partitionOf = (sourceId: string, at: string): string =>
  `source=${sourceId}/day=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/`;

export const s3ArchiveFinder = (client: S3Client, bucketName: string): ArchiveFinder => ({
  find: async (sourceId, receivedAt, messageId) => {
    const atMs = Date.parse(receivedAt);
    const keys: { key: string; writtenMs: number }[] = [];
    let token: string | undefined;
    for (let page = 0; page < LIST_PAGES_MAX; page += 1) {
      const answer = await client.send(
        new ListObjectsV2Command({
          Bucket: bucketName,
          Prefix: partitionOf(sourceId, receivedAt),
          ContinuationToken: token,
        }),
      );
      for (const { Key = '', LastModified } of answer.Contents ?? []) {
        const writtenMs = LastModified?.getTime() ?? atMs;
        const isOfTime = writtenMs >= atMs - WRITTEN_BEFORE_MS && writtenMs <= atMs + WRITTEN_WITHIN_MS;
        if (Key.endsWith('.ndjson.gz') && isOfTime) keys.push({ key: Key, writtenMs });
      }
      token = answer.NextContinuationToken;
      if (token === undefined) break;
    }
    const nearest = keys.toSorted((a, b) => a.writtenMs - b.writtenMs).slice(0, OBJECTS_READ_MAX);
    for (const { key } of nearest) {
      const found = await findIn(client, bucketName, key, messageId);
      if (found !== undefined) return found;
    }
    return undefined;
  },
});

/** `undefined`: it is not there, or the object has expired since it was listed. A line that is no JSON is passed over. */
async function findIn(
  client: S3Client,
  bucketName: string,
  key: string,
  messageId: string,
): Promise<JsonObject | undefined> {
  const wanted = JSON.stringify(messageId);
  let chars = 0;
  for await (const line of linesOf(client, bucketName, key)) {
    chars += line.length + 1;
    if (chars > OBJECT_CHARS_MAX) return undefined;
    if (!line.includes(wanted)) continue;
    const event = eventIn(line);
    if (event?.['messageId'] === messageId) return event;
  }
  return undefined;
}

function eventIn(line: string): JsonObject | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return isJsonObject(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

export function s3LetterFinder(client: S3Client, bucketName: string): LetterFinder {
  const letters = s3DeadLetterReader(client, bucketName);
  return {
    find: async (key, { intakeId, slice, send }) => {
      let looked = 0;
      for await (const letter of letters.letters(key)) {
        if (letter.intakeId === intakeId && letter.slice === slice && letter.send === send) return letter.event;
        looked += 1;
        if (looked >= LETTERS_MAX) return undefined;
      }
      return undefined;
    },
  };
}
