import type { QueueAges } from '../../shared/aws/lane-ages.ts';
import type { AlertFacts } from '../../shared/domain/alert-readings.ts';
import type { DestinationId, MappingId } from '../../shared/domain/ids.ts';
import { dayOf } from '../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { RollupStore } from '../../shared/ports/rollup-store.ts';

/** A count of the month is looked at that often: it is made once an hour. */
const USAGE_KEPT_MS = 10 * 60_000;
const WORKSPACES_KEPT_MAX = 500;

/** Age of the oldest message in the lane that carries a destination now: its own, or the shared one. */
export const laneAgesOf =
  (ages: QueueAges, queues: { sharedLane: string; lanes: readonly string[] }) =>
  async (
    { destinations }: WorkspaceConfig,
    ids: readonly DestinationId[],
  ): Promise<ReadonlyMap<DestinationId, number>> => {
    const watched = destinations.filter(({ destination }) => ids.includes(destination.id));
    const queueOf = (lane: number | undefined): string =>
      (lane === undefined ? undefined : queues.lanes[lane]) ?? queues.sharedLane;
    const found = await ages(watched.map(({ destination }) => queueOf(destination.lane)));
    return new Map(
      watched.flatMap(({ destination }): [DestinationId, number][] => {
        const age = found.get(queueOf(destination.lane));
        return age === undefined ? [] : [[destination.id, age]];
      }),
    );
  };

/** API calls of this calendar month, as the hourly aggregation has counted them: one query for each source, kept for a while. */
export function monthUsage(
  rollups: Pick<RollupStore, 'usageDays'>,
  now: () => Date,
): (config: WorkspaceConfig) => Promise<AlertFacts['usage']> {
  const kept = new Map<string, { readAtMs: number; usage: AlertFacts['usage'] }>();
  return async ({ workspaceId, sources }) => {
    const at = now();
    const known = kept.get(workspaceId);
    if (known !== undefined && at.getTime() - known.readAtMs < USAGE_KEPT_MS) return known.usage;
    const today = dayOf(at.toISOString());
    let calls = 0;
    for (const { id } of sources) {
      for (const day of await rollups.usageDays(id, `${today.slice(0, 'YYYY-MM'.length)}-01`, today))
        calls += day.calls;
    }
    const usage = { API_CALLS: calls };
    if (kept.size > WORKSPACES_KEPT_MAX) kept.clear();
    kept.set(workspaceId, { readAtMs: at.getTime(), usage });
    return usage;
  };
}

/** Tries of each mapping of some destinations in the last 24 hours. */
export type MappingTries = (
  config: WorkspaceConfig,
  ids: readonly DestinationId[],
) => Promise<ReadonlyMap<MappingId, { name: string; delivered: number; failed: number }> | undefined>;
