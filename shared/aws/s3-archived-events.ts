import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../domain/app-error.ts';
import { isJsonObject } from '../domain/json.ts';
import type { ArchivedEvents, ArchivedObject } from '../ports/archived-events.ts';

/** S3 lists 1,000 keys a page. On AWS an hour of a source has some tens of objects; on one machine, one a second. */
const PAGES_MAX = 4;
/**
 * A batch of the archive queue has 6 MB of messages, most of them compressed; JSON of events shrinks to a tenth. Senders may send what shrinks to a
 * thousandth: so much text lies in memory as bytes, and as characters of two bytes each beside it.
 */
const COMPRESSED_BYTES_MAX = 32_000_000;
const TEXT_BYTES_MAX = 64_000_000;

/** The longest window that SQS and Lambda know, and what a deployment has unless it says less. */
const ARCHIVE_WINDOW_SECONDS_MAX = 300;

const unzip = promisify(gunzip);

/** The archive as it is read: NDJSON, gzip, by source, day and hour (docs/archive.md). */
export const s3ArchivedEvents = (client: S3Client, bucketName: string): ArchivedEvents => ({
  delaySeconds: ARCHIVE_WINDOW_SECONDS_MAX,
  objects: async (sourceId, hour) => {
    const objects: ArchivedObject[] = [];
    let token: string | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = await client.send(
        new ListObjectsV2Command({
          Bucket: bucketName,
          Prefix: `source=${sourceId}/day=${hour.slice(0, 10)}/hour=${hour.slice(11, 13)}/`,
          ContinuationToken: token,
        }),
      );
      for (const { Key, Size = 0, LastModified } of answer.Contents ?? []) {
        if (Key !== undefined) objects.push({ key: Key, bytes: Size, writtenAtMs: LastModified?.getTime() ?? 0 });
      }
      token = answer.NextContinuationToken;
      if (token === undefined) return { objects, isWhole: true };
    }
    return { objects, isWhole: false };
  },
  lines: async (key) => {
    try {
      const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
      if (Body === undefined || ContentLength > COMPRESSED_BYTES_MAX) return undefined;
      const text = await unzip(await Body.transformToByteArray(), { maxOutputLength: TEXT_BYTES_MAX });
      return text
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '');
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  },
  parse: (line) => {
    const event: unknown = JSON.parse(line);
    if (isJsonObject(event)) return event;
    throw new AppError('malformed-item', 'A line of the archive is no event', { retry: false });
  },
});
