import { inParallel } from '../../shared/aws/in-parallel.ts';
import { sourcesOf } from '../../shared/books/read-books.ts';
import { HOURS_REOPENED } from '../../shared/books/standing.ts';
import { total } from '../../shared/domain/books.ts';
import type { DestinationId, SourceId } from '../../shared/domain/ids.ts';
import { hourPlus } from '../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { LedgerReader } from '../../shared/ports/ledger.ts';
import type { RollupStore } from '../../shared/ports/rollup-store.ts';
import {
  addUnits,
  dayNumberOf,
  daysIn,
  type DestinationUnits,
  monthOf,
  noSourceUsage,
  noUnits,
  type SourceUnits,
  type SourceUsage,
  type Units,
  type UsageMonth,
} from '../../shared/usage/usage-month.ts';

export type CountDeps = {
  rollups: Pick<RollupStore, 'usageDays' | 'source' | 'destination'>;
  ledger: Pick<LedgerReader, 'plansOfHour' | 'donesOfHour'>;
};

/** Sources and destinations that are read at once. */
const SUBJECTS_AT_ONCE = 8;

/**
 * A month with the API calls of all its days, and the units of the given hours, as the books are now; hours that the next run will not look at again are
 * closed. Calls are the routed events (I01): what was invalid, repeated, suppressed or blocked is none (I05), and neither is what a replay sent, which
 * no plan row counts (I07). Rows are read of those subjects and hours only in which something happened. Rows that come later than three hours after
 * theirs count as calls, and not as units.
 */
export async function countMonth(
  { rollups, ledger }: CountDeps,
  config: WorkspaceConfig,
  month: UsageMonth,
  hours: readonly string[],
): Promise<UsageMonth> {
  const first = `${month.month}-01`;
  const last = `${month.month}-${String(daysIn(month.month)).padStart(2, '0')}`;
  const open = hours.filter((hour) => monthOf(hour) === month.month && hour >= month.closedBefore);
  const [from = '', to = ''] = [open[0], open.at(-1)];
  const next = hourPlus(hours.at(-1) ?? month.foldedTo, -HOURS_REOPENED);
  const closedBefore = next > month.closedBefore ? next : month.closedBefore;

  const ofSource = async (id: SourceId): Promise<SourceUsage> => {
    const before = month.sources[id] ?? noSourceUsage();
    const calls: number[] = [];
    for (const usage of await rollups.usageDays(id, first, last)) calls[dayNumberOf(usage.day) - 1] = usage.calls;
    const found = new Map<string, SourceUnits>();
    for (const [hour, { totals }] of open.length === 0 ? [] : await rollups.source(id).hours(from, to)) {
      if (totals.received === 0) continue;
      const rows = await ledger.plansOfHour(id, hour);
      const bytes = rows.reduce((sum, row) => sum + (row.bytes ?? 0), 0);
      found.set(hour, [rows.length, bytes, totals.received, totals.routed]);
    }
    return {
      ...before,
      calls: Array.from(calls, (count) => count ?? 0),
      units: closed(before.units, found, closedBefore),
    };
  };
  const ofDestination = async (id: DestinationId): Promise<Units<DestinationUnits>> => {
    const found = new Map<string, DestinationUnits>();
    for (const [hour, { totals }] of open.length === 0 ? [] : await rollups.destination(id).hours(from, to)) {
      const sends = totals.delivered + total(totals.discarded) + total(totals.deadLettered) + totals.retry;
      if (sends === 0) continue;
      const rows = await ledger.donesOfHour(id, hour);
      const bytesOut = rows.reduce((sum, row) => sum + (row.bytesOut ?? 0), 0);
      found.set(hour, [rows.length, sends, bytesOut]);
    }
    return closed(month.destinations[id] ?? noUnits(), found, closedBefore);
  };

  const sourceIds = [...sourcesOf(config).keys()];
  const destinationIds = config.destinations.map(({ destination }) => destination.id);
  const sources = await inParallel(sourceIds, SUBJECTS_AT_ONCE, ofSource);
  const destinations = await inParallel(destinationIds, SUBJECTS_AT_ONCE, ofDestination);
  return {
    ...month,
    closedBefore,
    sources: { ...month.sources, ...entriesOf(sourceIds, sources, isUsed) },
    destinations: { ...month.destinations, ...entriesOf(destinationIds, destinations, hasUnits) },
  };
}

/** With what was found of open hours, and those that are open no more in their days. */
function closed<T extends readonly number[]>(
  before: Units<T>,
  found: ReadonlyMap<string, T>,
  closedBefore: string,
): Units<T> {
  const days = [...before.days];
  const open: Record<string, T> = {};
  for (const [hour, units] of Object.entries({ ...before.open, ...Object.fromEntries(found) })) {
    if (hour < closedBefore) addUnits(days, dayNumberOf(hour), units);
    else open[hour] = units;
  }
  return { days, open };
}

const hasUnits = ({ days, open }: Units<readonly number[]>): boolean => days.length + Object.keys(open).length > 0;
const isUsed = ({ calls, users, units }: SourceUsage): boolean =>
  calls.length + users.days.length > 0 || hasUnits(units);

const entriesOf = <T>(ids: readonly string[], values: readonly T[], is: (value: T) => boolean): Record<string, T> =>
  Object.fromEntries(
    ids.flatMap((id, index): [string, T][] => {
      const value = values[index];
      return value !== undefined && is(value) ? [[id, value]] : [];
    }),
  );
