import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import { type IdDays, IDS_KEPT_MAX } from '../domain/id-days.ts';
import type { SeenUsers } from '../domain/tracked-users.ts';
import type { SeenPlace, SeenUsersStore } from '../ports/usage-store.ts';

const HASH_BYTES = 8;
const SETS = ['userIds', 'anonymousIds', 'tied'] as const;
/** The first line of an object: how many ids each set has, and from where on none are kept. */
const Head = z.object({
  v: z.literal(1),
  sets: z
    .array(z.object({ ids: z.int().min(0).max(IDS_KEPT_MAX), below: z.string().regex(/^\d+$/).optional() }))
    .length(SETS.length),
});

/**
 * Hashes of the ids of a month in S3, under `usage/`: a line of JSON, then each set's hashes (8 bytes, little-endian) and days (a byte each). 7 MB at
 * most.
 */
export const s3SeenUsers = (client: S3Client, bucketName: string): SeenUsersStore => ({
  get: async (place) => {
    const key = keyOf(place);
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
      return decodeSeen(Buffer.from((await Body?.transformToByteArray()) ?? []), key);
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },
  put: async (place, seen) => {
    await client.send(
      new PutObjectCommand({
        Bucket: bucketName,
        Key: keyOf(place),
        Body: encodeSeen(seen),
        ContentType: 'application/octet-stream',
      }),
    );
  },
});

const keyOf = ({ workspaceId, month, sourceId }: SeenPlace): string =>
  `usage/workspace=${workspaceId}/month=${month}/${sourceId === undefined ? 'all' : `source=${sourceId}`}.bin`;

export function encodeSeen(seen: SeenUsers): Buffer {
  const head = {
    v: 1,
    sets: SETS.map((name) => {
      const { ids, below } = seen[name];
      return { ids: ids.length, ...(below !== undefined && { below: String(below) }) };
    }),
  };
  const parts = SETS.flatMap((name) => {
    const { ids, days } = seen[name];
    const hashes = Buffer.alloc(ids.length * HASH_BYTES);
    for (const [index, id] of ids.entries()) hashes.writeBigUInt64LE(id, index * HASH_BYTES);
    return [hashes, Buffer.from(days)];
  });
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...parts]);
}

export function decodeSeen(bytes: Buffer, key: string): SeenUsers {
  try {
    const end = bytes.indexOf('\n');
    const { sets } = Head.parse(JSON.parse(bytes.subarray(0, end).toString()));
    let at = end + 1;
    const take = (count: number): Buffer => {
      if (at + count > bytes.length) throw new Error('It is shorter than it says');
      const part = bytes.subarray(at, at + count);
      at += count;
      return part;
    };
    const [userIds, anonymousIds, tied] = sets.map(({ ids: count, below }): IdDays => {
      const hashes = take(count * HASH_BYTES);
      const ids = BigUint64Array.from({ length: count }, (_, index) => hashes.readBigUInt64LE(index * HASH_BYTES));
      return { ids, days: Uint8Array.from(take(count)), below: below === undefined ? undefined : BigInt(below) };
    });
    if (userIds === undefined || anonymousIds === undefined || tied === undefined) throw new Error('A set is missing');
    return { userIds, anonymousIds, tied };
  } catch (cause) {
    throw new AppError('malformed-item', `${key} of the archive bucket is malformed`, { cause, retry: false });
  }
}
