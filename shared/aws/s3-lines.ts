import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../domain/app-error.ts';

/** S3 lists 1,000 keys a page: 10 million objects. */
const PAGES_MAX = 10_000;
/** An object's text: deliver puts some 2,200 letters into one at most, of 32 KB of event each and what lies around it. */
const OBJECT_BYTES_MAX = 256_000_000;

/** What lies under a prefix, page by page. */
export async function* pages(
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

/** The lines of a gzipped object, as they are read; none where it has expired. */
export async function* linesOf(client: S3Client, bucketName: string, key: string): AsyncGenerator<string> {
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
    throw new AppError('malformed-item', `${key} cannot be read`, { cause });
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
