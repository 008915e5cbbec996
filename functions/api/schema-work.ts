import { S3Client } from '@aws-sdk/client-s3';
import type * as z from 'zod';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoDetailStores } from '../../shared/aws/dynamo-detail-store.ts';
import { dynamoExportStore } from '../../shared/aws/dynamo-export-store.ts';
import { dynamoLedgerReader } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoRollupStore } from '../../shared/aws/dynamo-rollup-store.ts';
import { s3DigestShelf } from '../../shared/aws/s3-digest-shelf.ts';
import { s3SchemaShelf } from '../../shared/aws/s3-schema-shelf.ts';
import { detailReader } from '../../shared/books/detail-reader.ts';
import type { apiEnv } from '../../shared/config/env.ts';
import type { ExportStore } from '../../shared/ports/export-store.ts';
import type { SchemaWork } from './resources/schema-list.ts';

/** What the Schema page reads. A module of its own, with the SDK: it is loaded when somebody asks for it. */
export function schemaWork(env: z.infer<typeof apiEnv>, now: () => Date): SchemaWork {
  const doc = documentClient();
  // People wait for an answer.
  const s3 = new S3Client({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
  const rollups = dynamoRollupStore(doc, { ledger: env.LEDGER_TABLE_NAME, usage: env.USAGE_TABLE_NAME });
  return {
    details: detailReader({
      ledger: dynamoLedgerReader(doc, env.LEDGER_TABLE_NAME),
      rollups,
      details: dynamoDetailStores(doc, env.LEDGER_TABLE_NAME),
      now,
    }),
    shelf: s3SchemaShelf(s3, env.ARCHIVE_BUCKET_NAME),
    digests: s3DigestShelf(s3, env.ARCHIVE_BUCKET_NAME),
  };
}

/** Files that people had written. */
export const exportStore = (env: z.infer<typeof apiEnv>, now: () => Date): ExportStore =>
  dynamoExportStore(documentClient(), env.USAGE_TABLE_NAME, now);
