import type { ArchiveDigest } from '../../shared/domain/archive-digest.ts';
import { archiveKey } from '../../shared/domain/archive-keys.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import { SourceId, WorkspaceId } from '../../shared/domain/ids.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import { type SeenUsers, userDigestOf } from '../../shared/domain/tracked-users.ts';
import type { DigestShelf } from '../../shared/ports/archive-store.ts';
import type { SeenPlace, SeenUsersStore, UsageMonths } from '../../shared/ports/usage-store.ts';
import type { UsageMonth } from '../../shared/usage/usage-month.ts';
import { decodeSeen, encodeSeen } from '../../shared/aws/s3-seen-users.ts';
import { idHash } from '../../shared/aws/id-hash.ts';

let objects = 0;

/** The digest of an object that holds these events, all received at `from`. */
export function aDigest(
  events: readonly JsonObject[],
  { workspaceId = 'ws_1', sourceId = 'src_1', from = '2026-11-24T10:15:00.000Z' } = {},
): ArchiveDigest {
  objects += 1;
  return {
    v: 1,
    workspaceId: WorkspaceId.parse(workspaceId),
    sourceId: SourceId.parse(sourceId),
    archiveKey: archiveKey({ sourceId, hour: hourOf(from), name: String(objects) }),
    from,
    to: from,
    events: events.length,
    users: userDigestOf(events, idHash(workspaceId)),
    schema: {},
  };
}

/** Digests in memory. Those with `writtenIn` are marked as late. `step` is awaited before each read. */
export function fakeDigestShelf(step: () => Promise<void> = async () => {}) {
  const held: { digest: ArchiveDigest; writtenIn?: string }[] = [];
  const shelf: DigestShelf = {
    ofHour: async function* (workspaceId, hour) {
      await step();
      for (const { digest } of held) {
        if (digest.workspaceId === workspaceId && hourOf(digest.from) === hour) yield digest;
      }
    },
    lateSince: async function* (writtenHour, workspaceIds) {
      await step();
      for (const { digest, writtenIn } of held) {
        if (workspaceIds?.has(digest.workspaceId) === false) continue;
        if (writtenIn !== undefined && writtenIn >= writtenHour) yield digest;
      }
    },
  };
  return { held, shelf };
}

/** Who was seen, in memory as it would lie in a bucket: the last put holds. */
export function fakeSeenUsers(step: () => Promise<void> = async () => {}): SeenUsersStore & { dump(): unknown } {
  const held = new Map<string, Buffer>();
  const keyOf = ({ workspaceId, month, sourceId }: SeenPlace) => [workspaceId, month, sourceId].join();
  return {
    get: async (place) => {
      await step();
      const bytes = held.get(keyOf(place));
      return bytes && decodeSeen(bytes, 'a fake');
    },
    put: async (place, seen: SeenUsers) => {
      await step();
      held.set(keyOf(place), encodeSeen(seen));
    },
    dump: () => [...held].map(([key, bytes]) => `${key} ${bytes.toString('base64')}`).toSorted(),
  };
}

/** Months in memory: a put is taken over what was read only. */
export function fakeUsageMonths(step: () => Promise<void> = async () => {}): UsageMonths & {
  held: Map<string, { month: UsageMonth; version: number }>;
} {
  const held = new Map<string, { month: UsageMonth; version: number }>();
  return {
    held,
    get: async (workspaceId, month) => {
      await step();
      return held.get(`${workspaceId} ${month}`);
    },
    between: async (workspaceId, from, to) => {
      await step();
      return [...held.values()]
        .map(({ month }) => month)
        .filter((month) => month.workspaceId === workspaceId && month.month >= from && month.month <= to)
        .toSorted((a, b) => (a.month < b.month ? -1 : 1));
    },
    put: async (month, { version }) => {
      await step();
      const key = `${month.workspaceId} ${month.month}`;
      if ((held.get(key)?.version ?? 0) !== version) return false;
      held.set(key, { month, version: version + 1 });
      return true;
    },
  };
}
