import { S3Client } from '@aws-sdk/client-s3';
import { idHash } from '../../shared/aws/id-hash.ts';
import { s3ArchiveStore } from '../../shared/aws/s3-archive-store.ts';
import { archiveEnv, readEnv } from '../../shared/config/env.ts';
import { batchHandler } from '../../shared/sqs/batch-handler.ts';
import { archiveBatch } from './archive-batch.ts';

const env = readEnv(archiveEnv, process.env);

/** An object is a few MB at most; a call that hangs must leave time for another within the function's timeout. */
const s3 = new S3Client({
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

export const handler = batchHandler(
  archiveBatch({ archive: s3ArchiveStore(s3, env.ARCHIVE_BUCKET_NAME), idHashOf: idHash, now: () => new Date() }),
);
