import { gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ArchiveStore } from '../ports/archive-store.ts';

/**
 * The archive in S3: gzipped NDJSON under `source=<id>/day=<YYYY-MM-DD>/hour=<HH>/`, which query engines read as partitions. No
 * Content-Encoding: readers tell gzip by the name, and some would unpack twice.
 */
export const s3ArchiveStore = (client: S3Client, bucketName: string): ArchiveStore => ({
  put: async ({ sourceId, hour, name, events }) => {
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    await client.send(
      new PutObjectCommand({
        Bucket: bucketName,
        Key: `source=${sourceId}/day=${hour.slice(0, 10)}/hour=${hour.slice(11, 13)}/${name}.ndjson.gz`,
        Body: gzipSync(text),
        ContentType: 'application/x-ndjson',
      }),
    );
  },
});
