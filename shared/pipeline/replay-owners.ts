import { membersOf } from '../domain/bitmap.ts';
import type { DestinationId, ReplayId } from '../domain/ids.ts';
import type { ReplayManifest, ReplayRun } from '../domain/replay.ts';
import type { ManifestStore, ReplayStore } from '../ports/replay-stores.ts';
import { ROUND_SENDS_MAX } from './replay-slices.ts';

/** Manifests that are read at once. */
const MANIFESTS_AT_ONCE = 8;
/**
 * So long after its start a run may be gone on with: until then the done rows of all its parts are there (they live 15 days at least), which say
 * what need not be sent again.
 */
export const RESUME_DAYS_MAX = 14;
const DAY_MS = 86_400_000;

/** The run that a line of an object belongs to. */
export type OwnerOf = (key: string, line: number) => ReplayId | undefined;

export type Owners = { runs: readonly ReplayRun[]; ownerOf: OwnerOf };

export const canGoOn = (run: ReplayRun, nowMs: number): boolean =>
  run.finishedAt === undefined &&
  run.cancelledAt === undefined &&
  nowMs - Date.parse(run.startedAt) < RESUME_DAYS_MAX * DAY_MS;

/**
 * The runs of a destination and which letters are theirs: those of its manifest, for ever. Only a run that was cancelled, or can no more be gone on
 * with, gives up what it has certainly not sent.
 */
export async function readOwners(
  deps: { replays: Pick<ReplayStore, 'listRuns'>; manifests: Pick<ManifestStore, 'get'> },
  destinationId: DestinationId,
  nowMs: number,
): Promise<Owners> {
  const runs = await deps.replays.listRuns(destinationId);
  const owners = new Map<string, { runId: ReplayId; lines: ReadonlySet<number> }[]>();
  // Runs of archived events take no letters.
  const takers = runs.filter(({ of }) => of === undefined);
  for (let at = 0; at < takers.length; at += MANIFESTS_AT_ONCE) {
    const some = takers.slice(at, at + MANIFESTS_AT_ONCE);
    const manifests = await Promise.all(some.map(({ runId }) => deps.manifests.get(destinationId, runId)));
    for (const [index, run] of some.entries()) {
      const manifest = manifests[index];
      if (manifest === undefined) continue;
      for (const { key, lines } of takenOf(run, manifest, nowMs)) {
        const others = owners.get(key) ?? [];
        others.push({ runId: run.runId, lines });
        owners.set(key, others);
      }
    }
  }
  const ownerOf: OwnerOf = (key, line) => owners.get(key)?.find(({ lines }) => lines.has(line))?.runId;
  return { runs, ownerOf };
}

function takenOf(
  run: ReplayRun,
  manifest: ReplayManifest,
  nowMs: number,
): { key: string; lines: ReadonlySet<number> }[] {
  const isOver = run.finishedAt === undefined && !canGoOn(run, nowMs);
  // What its last round sent may not have been noted. Who cancels a run notes all of it.
  const slack = run.cancelledAt === undefined ? ROUND_SENDS_MAX : 0;
  let left = isOver ? run.position + slack : Number.POSITIVE_INFINITY;
  return manifest.objects.map(({ key, lines, count }) => {
    const taken = new Set(membersOf(lines).slice(0, Math.max(0, left)));
    left -= count;
    return { key, lines: taken };
  });
}
