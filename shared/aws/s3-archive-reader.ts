import type { S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../domain/app-error.ts';
import { isJsonObject, type JsonObject } from '../domain/json.ts';
import type { ArchiveReader } from '../ports/archive-reader.ts';
import { linesOf, pages } from './s3-lines.ts';

/** Of objects that hold events; what else lies beside them is not read. */
const EVENTS_SUFFIX = '.ndjson.gz';
/** Sorts behind every name of an hour's objects. */
const LAST = '~';

/** The other half of the archive: what `s3ArchiveStore` wrote. */
export const s3ArchiveReader = (client: S3Client, bucketName: string): ArchiveReader => ({
  objects: async function* (sourceId, { from, to }) {
    const Prefix = `source=${sourceId}/`;
    const end = `${Prefix}${folderOf(to)}/${LAST}`;
    const StartAfter = `${Prefix}${folderOf(from)}`;
    for await (const { Contents = [] } of pages(client, { Bucket: bucketName, Prefix, StartAfter })) {
      for (const { Key = '' } of Contents) {
        if (Key > end) return;
        if (Key.endsWith(EVENTS_SUFFIX)) yield Key;
      }
    }
  },
  events: async function* (key) {
    let number = 0;
    for await (const line of linesOf(client, bucketName, key)) {
      number += 1;
      yield eventOf(line, `line ${number} of ${key}`);
    }
  },
});

const folderOf = (hour: string): string => `day=${hour.slice(0, 10)}/hour=${hour.slice(11, 13)}`;

function eventOf(line: string, place: string): JsonObject {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new AppError('malformed-item', `In the archive, ${place} is malformed`, { cause, retry: false });
  }
  if (isJsonObject(event)) return event;
  throw new AppError('malformed-item', `In the archive, ${place} is no event`, { retry: false });
}
