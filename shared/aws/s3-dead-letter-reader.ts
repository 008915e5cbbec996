import type { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import { DestinationId, IntakeId, MappingId, ReplayId, SourceId, WorkspaceId } from '../domain/ids.ts';
import { isJsonObject, type JsonObject } from '../domain/json.ts';
import { Timestamp } from '../domain/timestamp.ts';
import type { DeadLetterReader, KeptLetter } from '../ports/replay-stores.ts';
import { linesOf, pages } from './s3-lines.ts';

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

/** The other half of the dead-letter store: listing and reading what deliver wrote. For operators and the function `replay`; no other may read it. */
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

function letterOf(line: string, place: string): KeptLetter {
  try {
    return LetterLine.parse(JSON.parse(line));
  } catch (cause) {
    throw new AppError('malformed-item', `In the dead-letter store, ${place} is malformed`, { cause, retry: false });
  }
}
