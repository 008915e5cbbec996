import { gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { dayOf } from '../domain/timestamp.ts';
import type { DeadLetterStore } from '../ports/delivery-stores.ts';
import { contentName } from './content-name.ts';

/** Undelivered payloads in S3, gzipped NDJSON under `destination=<id>/day=<YYYY-MM-DD>/`; the bucket's lifecycle deletes them (30 days). */
export const s3DeadLetterStore = (client: S3Client, bucketName: string): DeadLetterStore => ({
  put: async (destinationId, letters) => {
    const [first] = letters;
    if (first === undefined) throw new Error('An object of no dead letters is not written');
    const text = letters.map((letter) => `${JSON.stringify(letter)}\n`).join('');
    const name = contentName(text);
    const key = `destination=${destinationId}/day=${dayOf(first.settledAt)}/${name}.ndjson.gz`;
    await client.send(
      new PutObjectCommand({
        Bucket: bucketName,
        Key: key,
        Body: gzipSync(text),
        ContentType: 'application/x-ndjson',
      }),
    );
    return key;
  },
  putUnreadable: async (day, body) => {
    const key = `unreadable/day=${day}/${contentName(body)}.gz`;
    await client.send(
      new PutObjectCommand({ Bucket: bucketName, Key: key, Body: gzipSync(body), ContentType: 'application/gzip' }),
    );
    return key;
  },
});
