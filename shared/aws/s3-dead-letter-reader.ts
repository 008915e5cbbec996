import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import { DestinationId, IntakeId, MappingId, ReplayId, SourceId, WorkspaceId } from '../domain/ids.ts';
import { isJsonObject, type JsonObject } from '../domain/json.ts';
import { Timestamp } from '../domain/timestamp.ts';
import type { DeadLetterReader, KeptLetter } from '../ports/replay-stores.ts';

/** S3 lists 1,000 keys a page: 10 million objects of a destination, or destinations. */
const PAGES_MAX = 10_000;
/** An object's text: deliver puts some 2,200 letters into one at most, of 32 KB of event each and what lies around it. */
const OBJECT_BYTES_MAX = 256_000_000;
const DESTINATION_PREFIX = 'destination=';
/** Sorts behind every name of a day's objects. */
const LAST = '~';

/** A line of an object. */
export const LetterLine = z.object({
  v: z.literal(1),
  workspaceId: WorkspaceId,
  sourceId: SourceId,
  destinationId: DestinationId,
  intakeId: IntakeId,
  slice: z.int().nonnegative(),
  hop: z.int().nonnegative(),
  dueAt: Timestamp.optional(),
  replay: ReplayId.optional(),
  through: z.int().positive().optional(),
  send: z.int().nonnegative(),
  mappingId: MappingId,
  attempts: z.int().nonnegative(),
  receivedAt: Timestamp,
  settledAt: Timestamp,
  outcome: z.enum(['discarded', 'dead-lettered']),
  code: z.string(),
  message: z.string(),
  event: z.custom<JsonObject>(isJsonObject, 'an object'),
});

/** The other half of the dead-letter store: listing and reading what deliver wrote. For operators; no function may read it. */
export const s3DeadLetterReader = (client: S3Client, bucketName: string): DeadLetterReader => ({
  destinations: async () => {
    const ids: DestinationId[] = [];
    for await (const { CommonPrefixes = [] } of pages(client, {
      Bucket: bucketName,
      Prefix: DESTINATION_PREFIX,
      Delimiter: '/',
    })) {
      for (const { Prefix = '' } of CommonPrefixes) {
        const id = DestinationId.safeParse(Prefix.slice(DESTINATION_PREFIX.length, -1));
        if (id.success) ids.push(id.data);
      }
    }
    return ids;
  },
  objects: async function* (destinationId, { from, to }) {
    const prefix = `${DESTINATION_PREFIX}${destinationId}/`;
    const StartAfter = from === undefined ? undefined : `${prefix}day=${from}`;
    const end = to === undefined ? undefined : `${prefix}day=${to}/${LAST}`;
    for await (const { Contents = [] } of pages(client, { Bucket: bucketName, Prefix: prefix, StartAfter })) {
      for (const { Key = '' } of Contents) {
        if (end !== undefined && Key > end) return;
        yield Key;
      }
    }
  },
  letters: async function* (key) {
    let number = 0;
    for await (const line of linesOf(client, bucketName, key)) {
      number += 1;
      yield letterOf(line, `line ${number} of ${key}`);
    }
  },
});

async function* pages(
  client: S3Client,
  input: { Bucket: string; Prefix: string; Delimiter?: string; StartAfter?: string | undefined },
) {
  let token: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await client.send(new ListObjectsV2Command({ ...input, ContinuationToken: token }));
    yield answer;
    token = answer.NextContinuationToken;
    if (token === undefined) return;
  }
  throw new AppError('bad-request', `There are more than ${PAGES_MAX} pages under ${input.Prefix}`, { retry: false });
}

function letterOf(line: string, place: string): KeptLetter {
  try {
    return LetterLine.parse(JSON.parse(line));
  } catch (cause) {
    throw new AppError('malformed-item', `In the dead-letter store, ${place} is malformed`, { cause, retry: false });
  }
}

async function* linesOf(client: S3Client, bucketName: string, key: string): AsyncGenerator<string> {
  const body = await openObject(client, bucketName, key);
  if (body === undefined) return;
  const decoder = new TextDecoder();
  let bytes = 0;
  let rest = '';
  try {
    // A failure of the body comes out of the last stream; who stops reading closes both.
    for await (const chunk of pipeline(body, createGunzip(), () => undefined) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > OBJECT_BYTES_MAX) throw new Error('It is larger than any that is written');
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('malformed-item', `${key} of the dead-letter store cannot be read`, { cause });
  }
  if (rest !== '') yield rest;
}

/** `undefined`: it has expired. */
async function openObject(client: S3Client, bucketName: string, key: string): Promise<Readable | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
    return Body instanceof Readable ? Body : undefined;
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
