import { S3Client } from '@aws-sdk/client-s3';
import { s3ArchiveStore } from '../../shared/aws/s3-archive-store.ts';
import { archiveEnv, readEnv } from '../../shared/config/env.ts';
import { batchHandler } from '../../shared/sqs/batch-handler.ts';
import { archiveBatch } from './archive-batch.ts';

const env = readEnv(archiveEnv, process.env);

export const handler = batchHandler(archiveBatch({ archive: s3ArchiveStore(new S3Client(), env.ARCHIVE_BUCKET_NAME) }));
