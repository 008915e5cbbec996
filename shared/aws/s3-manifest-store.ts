import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../domain/app-error.ts';
import { ReplayManifest } from '../domain/replay.ts';
import type { ManifestStore } from '../ports/replay-stores.ts';

/** Manifests of replay runs, in the bucket of the letters, `replays/destination=<id>/<run>.json`: the lifecycle deletes them after these. */
export const s3ManifestStore = (client: S3Client, bucketName: string): ManifestStore => ({
  put: async (manifest) => {
    await client.send(
      new PutObjectCommand({
        Bucket: bucketName,
        Key: keyOf(manifest.destinationId, manifest.runId),
        Body: JSON.stringify(manifest),
        ContentType: 'application/json',
      }),
    );
  },
  get: async (destinationId, runId) => {
    const key = keyOf(destinationId, runId);
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
      return ReplayManifest.parse(JSON.parse((await Body?.transformToString()) ?? ''));
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      if (error instanceof Error && /^(ZodError|SyntaxError)$/.test(error.name)) {
        throw new AppError('malformed-item', `${key} is malformed`, { cause: error, retry: false });
      }
      throw error;
    }
  },
});

const keyOf = (destinationId: string, runId: string): string => `replays/destination=${destinationId}/${runId}.json`;
