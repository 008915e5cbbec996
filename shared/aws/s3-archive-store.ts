import { gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { archiveKey, digestKey, lateKey } from '../domain/archive-keys.ts';
import type { ArchiveStore } from '../ports/archive-store.ts';

/**
 * The archive in S3: gzipped NDJSON under `source=<id>/day=<YYYY-MM-DD>/hour=<HH>/`, which query engines read as partitions. No
 * Content-Encoding: readers tell gzip by the name, and some would unpack twice. Digests lie apart, under `digests/`, so that such engines never
 * meet them.
 */
export const s3ArchiveStore = (client: S3Client, bucketName: string): ArchiveStore => {
  const put = async (Key: string, ContentType: string, Body: Buffer | string) => {
    await client.send(new PutObjectCommand({ Bucket: bucketName, Key, Body, ContentType }));
  };
  return {
    put: async ({ events, ...place }) => {
      const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      await put(archiveKey(place), 'application/x-ndjson', gzipSync(text));
    },
    putDigest: async (place, digest, lateIn) => {
      const key = digestKey(digest.workspaceId, place);
      if (lateIn !== undefined) await put(lateKey(lateIn, key), 'application/octet-stream', '');
      await put(key, 'application/json', gzipSync(JSON.stringify(digest)));
    },
  };
};
