import { inParallel } from '../../shared/aws/in-parallel.ts';
import { sourcesOf } from '../../shared/books/read-books.ts';
import { total } from '../../shared/domain/books.ts';
import type { DestinationId, SourceId } from '../../shared/domain/ids.ts';
import { dayOf, dayPlus } from '../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { DetailReader } from '../../shared/ports/detail-reader.ts';
import type { RollupStore } from '../../shared/ports/rollup-store.ts';
import {
  dayNumberOf,
  daysIn,
  type DestinationUnits,
  monthOf,
  noSourceUsage,
  type SourceUnits,
  type SourceUsage,
  type UsageMonth,
} from '../../shared/usage/usage-month.ts';

export type CountDeps = {
  rollups: Pick<RollupStore, 'usageDays' | 'source' | 'destination'>;
  details: DetailReader;
};

/** Sources and destinations that are read at once. */
const SUBJECTS_AT_ONCE = 8;

/**
 * A month with the API calls of all its days, and the units of the days of the given hours, as the books are now. Calls are the routed events (I01): what
 * was invalid, repeated, suppressed or blocked is none (I05), and neither is what a replay sent, which no plan row counts (I07). Details are read of
 * those subjects and days only in which something happened.
 */
export async function countMonth(
  { rollups, details }: CountDeps,
  config: WorkspaceConfig,
  month: UsageMonth,
  hours: readonly string[],
): Promise<UsageMonth> {
  const first = `${month.month}-01`;
  const last = `${month.month}-${String(daysIn(month.month)).padStart(2, '0')}`;
  const days = [...new Set(hours.map(dayOf))].filter((day) => monthOf(day) === month.month).toSorted();
  const [from, to] = [days[0], days.at(-1)];
  const rangeOf = (day: string) =>
    ({ from: `${day}T00:00:00.000Z`, to: `${dayPlus(day, 1)}T00:00:00.000Z`, step: 'day' }) as const;

  const ofSource = async (id: SourceId): Promise<SourceUsage> => {
    const before = month.sources[id] ?? noSourceUsage();
    const calls: number[] = [];
    for (const usage of await rollups.usageDays(id, first, last)) calls[dayNumberOf(usage.day) - 1] = usage.calls;
    const units = [...before.units];
    if (from !== undefined && to !== undefined) {
      for (const [day, { totals }] of await rollups.source(id).days(from, to)) {
        if (totals.received === 0) continue;
        const [step] = await details.source(id, rangeOf(day));
        if (step === undefined) continue;
        const { requests, bytes } = step.detail;
        units[dayNumberOf(day) - 1] = [requests, bytes, totals.received, totals.routed];
      }
    }
    return { ...before, calls: filled(calls, 0), units: filled(units, NO_SOURCE_UNITS) };
  };
  const ofDestination = async (id: DestinationId): Promise<DestinationUnits[]> => {
    const units = [...(month.destinations[id] ?? [])];
    if (from === undefined || to === undefined) return units;
    for (const [day, { totals }] of await rollups.destination(id).days(from, to)) {
      const sends = totals.delivered + total(totals.discarded) + total(totals.deadLettered) + totals.retry;
      if (sends === 0) continue;
      const [step] = await details.destination(id, rangeOf(day));
      if (step !== undefined) units[dayNumberOf(day) - 1] = [step.detail.parts, sends, step.detail.bytesOut];
    }
    return filled(units, NO_DESTINATION_UNITS);
  };

  const sourceIds = [...sourcesOf(config).keys()];
  const destinationIds = config.destinations.map(({ destination }) => destination.id);
  const sources = await inParallel(sourceIds, SUBJECTS_AT_ONCE, ofSource);
  const destinations = await inParallel(destinationIds, SUBJECTS_AT_ONCE, ofDestination);
  const isUsed = ({ calls, users, units }: SourceUsage) => calls.length + users.days.length + units.length > 0;
  return {
    ...month,
    sources: { ...month.sources, ...entriesOf(sourceIds, sources, isUsed) },
    destinations: { ...month.destinations, ...entriesOf(destinationIds, destinations, (units) => units.length > 0) },
  };
}

const NO_SOURCE_UNITS: SourceUnits = [0, 0, 0, 0];
const NO_DESTINATION_UNITS: DestinationUnits = [0, 0, 0];

/** Without holes: a day on which nothing happened has none. */
const filled = <T>(days: readonly (T | undefined)[], none: T): T[] => Array.from(days, (day) => day ?? none);

const entriesOf = <T>(ids: readonly string[], values: readonly T[], is: (value: T) => boolean): Record<string, T> =>
  Object.fromEntries(
    ids.flatMap((id, index): [string, T][] => {
      const value = values[index];
      return value !== undefined && is(value) ? [[id, value]] : [];
    }),
  );
