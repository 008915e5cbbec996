import { logError } from '../../shared/aws/log.ts';
import type { QueueAges } from '../../shared/aws/lane-ages.ts';
import { type AlertFacts, ENDED_BY_HAND } from '../../shared/domain/alert-readings.ts';
import type { DeliveryLine } from '../../shared/domain/detail.ts';
import type { DestinationId, MappingId } from '../../shared/domain/ids.ts';
import type { Destination, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { DetailReader } from '../../shared/ports/detail-reader.ts';
import type { UsageMonths } from '../../shared/ports/usage-store.ts';
import { monthOf, type UsageMonth, usersUpTo } from '../../shared/usage/usage-month.ts';

/** A count of the month is looked at that often: it is made once an hour. */
const USAGE_KEPT_MS = 10 * 60_000;
const WORKSPACES_KEPT_MAX = 500;
const LAST_DAY = 31;
/** How far back an alert looks at a mapping, and how often. */
const MAPPING_HOURS = 24;
const HOUR_MS = 3_600_000;
const MAPPINGS_KEPT_MS = 5 * 60_000;
const DESTINATIONS_KEPT_MAX = 500;

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

/** API calls and tracked users of this calendar month, as the hourly aggregation has counted them: one read, served again for a while. */
export function monthUsage(
  months: Pick<UsageMonths, 'get'>,
  now: () => Date,
): (config: Pick<WorkspaceConfig, 'workspaceId'>) => Promise<AlertFacts['usage']> {
  const kept = new Map<string, { month: string; readAtMs: number; usage: AlertFacts['usage'] }>();
  return async ({ workspaceId }) => {
    const at = now();
    const month = monthOf(at.toISOString());
    const known = kept.get(workspaceId);
    if (known?.month === month && Math.abs(at.getTime() - known.readAtMs) < USAGE_KEPT_MS) return known.usage;
    const usage = usageOf((await months.get(workspaceId, month))?.month);
    if (kept.size >= WORKSPACES_KEPT_MAX) kept.clear();
    kept.set(workspaceId, { month, readAtMs: at.getTime(), usage });
    return usage;
  };
}

/** Of a month that nothing was counted in yet nothing is known. Tracked users: those identified, and anonymous ones that never were (I02). */
function usageOf(month: UsageMonth | undefined): AlertFacts['usage'] {
  if (month === undefined) return {};
  const calls = Object.values(month.sources).flatMap((source) => source.calls);
  const { identified, neverIdentified } = usersUpTo(month.users, LAST_DAY);
  return { API_CALLS: calls.reduce((sum, each) => sum + each, 0), MTU: identified + neverIdentified };
}

/** Sends of each mapping of some destinations in the last 24 hours. */
export type MappingTries = (
  config: WorkspaceConfig,
  ids: readonly DestinationId[],
) => Promise<ReadonlyMap<MappingId, MappingSends> | undefined>;
type MappingSends = { name: string; delivered: number; failed: number };

/**
 * Of each destination one read of the books by kind of event, served again for a while: at most 50 queries, hours from roll-ups and only the newest
 * ones from rows. Of a destination whose books cannot be read now nothing is known, for as long: other alerts are judged all the same.
 */
export function mappingSends(details: Pick<DetailReader, 'destination'>, now: () => Date): MappingTries {
  const kept = new Map<DestinationId, { readAtMs: number; lines: readonly DeliveryLine[] | undefined }>();

  const linesOf = async ({
    id,
    createdAt,
  }: Pick<Destination, 'id' | 'createdAt'>): Promise<readonly DeliveryLine[] | undefined> => {
    const nowMs = now().getTime();
    const known = kept.get(id);
    if (known !== undefined && Math.abs(nowMs - known.readAtMs) < MAPPINGS_KEPT_MS) return known.lines;
    const from = new Date(nowMs - MAPPING_HOURS * HOUR_MS).toISOString();
    const range = { from, to: now().toISOString(), step: 'hour', since: createdAt } as const;
    let lines: DeliveryLine[] | undefined;
    try {
      lines = (await details.destination(id, range)).flatMap(({ detail }) => detail.lines);
    } catch (error) {
      logError('The books of a destination were not read for its alerts', error, { destinationId: id });
    }
    if (kept.size >= DESTINATIONS_KEPT_MAX) kept.clear();
    kept.set(id, { readAtMs: nowMs, lines });
    return lines;
  };

  return async ({ destinations }, ids) => {
    const found = new Map<MappingId, MappingSends>();
    for (const { destination, mappings } of destinations) {
      if (!ids.includes(destination.id)) continue;
      const lines = await linesOf(destination);
      if (lines === undefined) continue;
      for (const { id, name } of mappings) {
        found.set(id, { name, ...sentOf(lines.filter(({ mappingId }) => mappingId === id)) });
      }
    }
    return found;
  };
}

/** A send counts once: delivered, or failed, which is ended otherwise or waiting after a try. What somebody ended by hand counts as neither. */
function sentOf(lines: readonly DeliveryLine[]): Omit<MappingSends, 'name'> {
  let delivered = 0;
  let ended = 0;
  let waiting = 0;
  for (const line of lines) {
    delivered += line.firstTry + line.onRetry;
    for (const counts of [line.discarded, line.deadLettered]) {
      for (const [code, count] of Object.entries(counts)) if (!ENDED_BY_HAND.has(code)) ended += count;
    }
    waiting += line.retry - line.retried;
  }
  // Below nothing: what waited before these 24 hours has been settled within them.
  return { delivered, failed: ended + Math.max(0, waiting) };
}
