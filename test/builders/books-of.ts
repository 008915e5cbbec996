import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { DeadLetter } from '../../shared/ports/delivery-stores.ts';
import type { Operator } from './operator-of.ts';
import type { Endpoints } from './running-tributary.ts';

/** A destination in the answer of GET /app-api/status. */
export type StatusLine = {
  id: string;
  name: string;
  delivered: number;
  discarded: Record<string, number>;
  deadLettered: Record<string, number>;
  inFlight: number;
  errors: { code: string; message: string; count: number; firstSeen: string; lastSeen: string }[];
};

/** The destinations of the status, by name. */
export async function statusByName({
  apiUrl,
  apiToken,
}: Pick<Endpoints, 'apiUrl' | 'apiToken'>): Promise<ReadonlyMap<string, StatusLine>> {
  const answer = await fetch(`${apiUrl}/app-api/status`, { headers: { authorization: `Bearer ${apiToken}` } });
  const { data } = (await answer.json()) as { data: { destinations: StatusLine[] } };
  return new Map(data.destinations.map((line) => [line.name, line]));
}

/** All payloads that the dead-letter store holds of a destination. */
export async function deadLettersOf({ client, output }: Operator, destinationId: string): Promise<DeadLetter[]> {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const Bucket = output('DeadLetterBucketName');
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: `destination=${destinationId}/` }),
  );
  const objects = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return gunzipSync((await Body?.transformToByteArray()) ?? Buffer.alloc(0)).toString('utf8');
    }),
  );
  const lines = objects.flatMap((text) => text.split('\n').filter((line) => line !== ''));
  return lines.map((line) => JSON.parse(line) as DeadLetter);
}
