import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { schemaKeys } from '../domain/archive-keys.ts';
import { KnownSchema } from '../domain/known-schema.ts';
import { SeenSchema } from '../domain/schema-digest.ts';
import type { SchemaShelf } from '../ports/schema-shelf.ts';
import { logError } from './log.ts';

/** One as text: SCHEMA_PATHS_MAX paths of 200 characters of 3 bytes each are 16 MB. */
const OBJECT_BYTES_MAX = 32_000_000;
const Folded = z.object({ v: z.literal(1), foldedTo: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d$/) });

/** Schemas in the archive bucket, gzipped JSON. */
export const s3SchemaShelf = (client: S3Client, bucketName: string): SchemaShelf => {
  const read = async <T>(Key: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    let bytes: Uint8Array;
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key }));
      bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
    try {
      return schema.parse(JSON.parse(gunzipSync(bytes, { maxOutputLength: OBJECT_BYTES_MAX }).toString()));
    } catch (error) {
      logError('A folded schema is malformed and is left out', error, { key: Key });
      return undefined;
    }
  };
  const put = async (Key: string, value: unknown): Promise<void> => {
    await client.send(
      new PutObjectCommand({
        Bucket: bucketName,
        Key,
        Body: gzipSync(JSON.stringify(value)),
        ContentType: 'application/json',
      }),
    );
  };
  return {
    foldedTo: async (workspaceId) => (await read(schemaKeys.foldedTo(workspaceId), Folded))?.foldedTo,
    putFoldedTo: (workspaceId, hour) => put(schemaKeys.foldedTo(workspaceId), { v: 1, foldedTo: hour }),
    hour: ({ workspaceId, sourceId }, hour) => read(schemaKeys.hour(workspaceId, sourceId, hour), SeenSchema),
    putHour: ({ workspaceId, sourceId }, hour, seen) => put(schemaKeys.hour(workspaceId, sourceId, hour), seen),
    day: ({ workspaceId, sourceId }, day) => read(schemaKeys.day(workspaceId, sourceId, day), SeenSchema),
    putDay: ({ workspaceId, sourceId }, day, seen) => put(schemaKeys.day(workspaceId, sourceId, day), seen),
    known: ({ workspaceId, sourceId }) => read(schemaKeys.known(workspaceId, sourceId), KnownSchema),
    putKnown: ({ workspaceId, sourceId }, known) => put(schemaKeys.known(workspaceId, sourceId), known),
  };
};
