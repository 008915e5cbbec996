import type { UserDigest } from './archive-digest.ts';
import { countByDay, differenceByDay, type IdDays, idDaysOf, isExact, mergeIdDays, noIdDays } from './id-days.ts';
import { type JsonObject, own } from './json.ts';

/** Tracked users of a month (I02): distinct userIds, and distinct anonymousIds that were never tied to a userId in that month. */

/** 64 bits of a hash of an id, the same for the same id and workspace wherever it is made. */
export type IdHash = (id: string) => bigint;

/** Who was seen in a month, or in a part of it. */
export type SeenUsers = { userIds: IdDays; anonymousIds: IdDays; tied: IdDays };

/** Numbers up to the end of a day: of users who were identified, of anonymous ids, and of those of them that no userId was tied to. */
export type UserCounts = { identified: number; anonymous: number; neverIdentified: number };

export const noSeenUsers = (): SeenUsers => ({ userIds: noIdDays(), anonymousIds: noIdDays(), tied: noIdDays() });

/**
 * Who sent some events, as route left them. An event with both ids ties them, whatever its call; an alias ties its previousId. Ids that are no text,
 * or empty, are nobody's.
 */
export function userDigestOf(events: readonly JsonObject[], hash: IdHash): UserDigest {
  const userIds = new Set<string>();
  const anonymousIds = new Set<string>();
  const tied = new Set<string>();
  for (const event of events) {
    const userId = textOf(event, 'userId');
    const anonymousId = textOf(event, 'anonymousId');
    const previousId = own(event, 'type') === 'alias' ? textOf(event, 'previousId') : undefined;
    if (userId !== undefined) userIds.add(userId);
    if (anonymousId !== undefined) anonymousIds.add(anonymousId);
    if (userId !== undefined && anonymousId !== undefined) tied.add(anonymousId);
    if (userId !== undefined && previousId !== undefined) tied.add(previousId);
  }
  const encoded = (ids: ReadonlySet<string>): string => encodeHashes([...ids].map(hash));
  return { userIds: encoded(userIds), anonymousIds: encoded(anonymousIds), tied: encoded(tied) };
}

/** Digests of one day of the month, summed up: one merge for many of them. */
export function seenOn(day: number, digests: readonly UserDigest[]): SeenUsers {
  const of = (which: keyof UserDigest) =>
    idDaysOf(
      digests.flatMap((digest) => decodeHashes(digest[which])),
      day,
    );
  return { userIds: of('userIds'), anonymousIds: of('anonymousIds'), tied: of('tied') };
}

export const mergeSeen = (a: SeenUsers, b: SeenUsers, keep?: number): SeenUsers => ({
  userIds: mergeIdDays(a.userIds, b.userIds, keep),
  anonymousIds: mergeIdDays(a.anonymousIds, b.anonymousIds, keep),
  tied: mergeIdDays(a.tied, b.tied, keep),
});

/** Counts up to the end of each day, from the first of the month to `lastDay`. */
export function userCountsByDay({ userIds, anonymousIds, tied }: SeenUsers, lastDay: number): UserCounts[] {
  const identified = countByDay(userIds, lastDay);
  const anonymous = countByDay(anonymousIds, lastDay);
  const never = differenceByDay(anonymousIds, tied, lastDay);
  return identified.map((count, index) => ({
    identified: count,
    anonymous: anonymous[index] ?? 0,
    neverIdentified: never[index] ?? 0,
  }));
}

export const trackedUsers = ({ identified, neverIdentified }: UserCounts): number => identified + neverIdentified;

/** Whether every id of it is kept, so that its counts are no estimates. */
export const isCountedExactly = ({ userIds, anonymousIds, tied }: SeenUsers): boolean =>
  isExact(userIds, anonymousIds, tied);

function textOf(event: JsonObject, key: string): string | undefined {
  const value = own(event, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const HASH_BYTES = 8;

function encodeHashes(hashes: readonly bigint[]): string {
  const bytes = Buffer.alloc(hashes.length * HASH_BYTES);
  for (const [index, hash] of hashes.toSorted(compare).entries()) bytes.writeBigUInt64LE(hash, index * HASH_BYTES);
  return bytes.toString('base64');
}

function decodeHashes(text: string): bigint[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: Math.floor(bytes.length / HASH_BYTES) }, (_, index) =>
    bytes.readBigUInt64LE(index * HASH_BYTES),
  );
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));
