import { S3Client } from '@aws-sdk/client-s3';
import { s3DeadLetterStore } from '../../shared/aws/s3-dead-letter-store.ts';
import type { DeadLetterStore } from '../../shared/ports/delivery-stores.ts';

/** The store with a client of its own. A call that hangs must leave time for another before the function's deadline. */
export const openDeadLetters = (bucketName: string): DeadLetterStore =>
  s3DeadLetterStore(
    new S3Client({
      requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
    }),
    bucketName,
  );
