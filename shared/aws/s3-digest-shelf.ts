import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../domain/app-error.ts';
import { ArchiveDigest } from '../domain/archive-digest.ts';
import { digestOfLateKey, digestPrefix, LATE_PREFIX, sourceDigestPrefix } from '../domain/archive-keys.ts';
import type { DigestShelf } from '../ports/archive-store.ts';
import type { SourceDigests } from '../ports/schema-shelf.ts';
import { inParallel } from './in-parallel.ts';
import { logError } from './log.ts';

/** S3 lists 1,000 keys a page: 100,000 digests of a workspace and hour, or late ones of a run. The archive makes some 60 a source and hour. */
const PAGES_MAX = 100;
const READS_AT_ONCE = 16;
/** Digests that are in memory at once. */
const CHUNK = 64;
/** A digest as text: that of an object of 6 MB, of which every event is of somebody else, with all that was seen in it. */
const DIGEST_BYTES_MAX = 64_000_000;

/** Digests in the archive bucket. */
export const s3DigestShelf = (client: S3Client, bucketName: string): DigestShelf & SourceDigests => {
  async function* keys(Prefix: string, StartAfter?: string): AsyncGenerator<string> {
    let token: string | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { Contents = [], NextContinuationToken } = await client.send(
        new ListObjectsV2Command({ Bucket: bucketName, Prefix, StartAfter, ContinuationToken: token }),
      );
      for (const { Key } of Contents) if (Key !== undefined) yield Key;
      token = NextContinuationToken;
      if (token === undefined) return;
    }
    throw new AppError('bad-request', `There are more than ${PAGES_MAX} pages under ${Prefix}`, { retry: false });
  }
  const read = async (key: string): Promise<ArchiveDigest | undefined> => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
      const text = gunzipSync((await Body?.transformToByteArray()) ?? '', { maxOutputLength: DIGEST_BYTES_MAX });
      return ArchiveDigest.parse(JSON.parse(text.toString()));
    } catch (error) {
      // Its mark went first, and it is not there yet; or its retention has ended.
      if (error instanceof NoSuchKey) return undefined;
      if (error instanceof Error && /^(ZodError|SyntaxError|RangeError|Error)$/.test(error.name)) {
        logError('A digest of the archive is malformed and is left out', error, { key });
        return undefined;
      }
      throw error;
    }
  };
  async function* digests(found: AsyncIterable<string>): AsyncGenerator<ArchiveDigest> {
    let chunk: string[] = [];
    const readChunk = async () => {
      const all = await inParallel(chunk, READS_AT_ONCE, read);
      chunk = [];
      return all.filter((digest) => digest !== undefined);
    };
    for await (const key of found) {
      chunk.push(key);
      if (chunk.length >= CHUNK) yield* await readChunk();
    }
    yield* await readChunk();
  }
  async function* lateKeys(writtenHour: string, workspaceIds?: ReadonlySet<string>): AsyncGenerator<string> {
    for await (const key of keys(LATE_PREFIX, `${LATE_PREFIX}${writtenHour}`)) {
      const digest = digestOfLateKey(key);
      if (digest !== undefined && workspaceIds?.has(digest.workspaceId) !== false) yield digest.key;
    }
  }
  return {
    ofHour: (workspaceId, hour) => digests(keys(digestPrefix(workspaceId, hour))),
    ofSourceHour: ({ workspaceId, sourceId }, hour, limit) =>
      digests(first(limit, keys(sourceDigestPrefix(workspaceId, hour, sourceId)))),
    lateSince: (writtenHour, workspaceIds) => digests(lateKeys(writtenHour, workspaceIds)),
  };
};

async function* first<T>(limit: number, items: AsyncIterable<T>): AsyncGenerator<T> {
  let taken = 0;
  for await (const item of items) {
    if (taken >= limit) return;
    taken += 1;
    yield item;
  }
}
