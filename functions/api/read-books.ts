import type { DestinationTotals, SourceTotals } from '../../shared/domain/books.ts';
import {
  addDestinationTotals,
  addSourceTotals,
  noDestinationTotals,
  noSourceTotals,
  sumDones,
  sumPlans,
} from '../../shared/domain/books.ts';
import type { DestinationId, SourceId } from '../../shared/domain/ids.ts';
import type { LedgerReader } from '../../shared/ports/ledger.ts';
import type { RollupStore } from '../../shared/ports/rollup-store.ts';

/** Hours that the aggregator may still change, read from the rows themselves: the 3 it reopens, and the present one. */
const LIVE_HOURS = 4;
/** Hours of a range that one call may ask for: the rows' 15 days. */
export const BOOK_HOURS_MAX = 15 * 24;
/** How long an hour read from rows is served again: the present hour, and one that is over and seldom changes. */
const PRESENT_HOUR_MS = 1_000;
const PAST_HOUR_MS = 60_000;
/** Hours kept in memory. */
const CACHED_HOURS_MAX = 2_000;
const HOUR_MS = 3_600_000;

export type BooksReader = {
  source(sourceId: SourceId, fromHour: string, toHour: string): Promise<SourceTotals>;
  destination(destinationId: DestinationId, fromHour: string, toHour: string): Promise<DestinationTotals>;
};

/** The books of whole hours, both ends included: settled hours from their roll-ups, the newest ones and any without a roll-up from rows. */
export function booksReader(
  ledger: Pick<LedgerReader, 'plansOfHour' | 'donesOfHour'>,
  rollups: Pick<RollupStore, 'sourceHours' | 'destinationHours'>,
  now: () => Date,
): BooksReader {
  const sources = hourCache(now, async (id: SourceId, hour) => sumPlans(await ledger.plansOfHour(id, hour)));
  const destinations = hourCache(now, async (id: DestinationId, hour) => sumDones(await ledger.donesOfHour(id, hour)));
  const firstLiveHour = () => new Date(now().getTime() - (LIVE_HOURS - 1) * HOUR_MS).toISOString().slice(0, 13);
  return {
    source: async (id, from, to) => {
      const live = firstLiveHour();
      const rolledUp = from < live ? await rollups.sourceHours(id, from, to) : new Map<string, SourceTotals>();
      const hours = hoursBetween(from, to).map((hour) => of(rolledUp, hour, live, () => sources(id, hour)));
      return (await Promise.all(hours)).reduce(addSourceTotals, noSourceTotals());
    },
    destination: async (id, from, to) => {
      const live = firstLiveHour();
      const rolledUp =
        from < live ? await rollups.destinationHours(id, from, to) : new Map<string, DestinationTotals>();
      const hours = hoursBetween(from, to).map((hour) => of(rolledUp, hour, live, () => destinations(id, hour)));
      return (await Promise.all(hours)).reduce(addDestinationTotals, noDestinationTotals());
    },
  };
}

/** A settled hour from its roll-up where there is one, else from rows. */
const of = async <T>(
  rolledUp: Map<string, T>,
  hour: string,
  firstLiveHour: string,
  rows: () => Promise<T>,
): Promise<T> => (hour < firstLiveHour ? rolledUp.get(hour) : undefined) ?? (await rows());

/** Reads of an hour's rows, shared by whoever asks in the same moment. A read that failed is not kept. */
function hourCache<Id extends string, T>(now: () => Date, readRows: (id: Id, hour: string) => Promise<T>) {
  const kept = new Map<string, { untilMs: number; totals: Promise<T> }>();
  return (id: Id, hour: string): Promise<T> => {
    const key = `${id}#${hour}`;
    const nowMs = now().getTime();
    const known = kept.get(key);
    if (known !== undefined && nowMs < known.untilMs) return known.totals;
    if (kept.size >= CACHED_HOURS_MAX) kept.clear();
    const isPresent = hour >= now().toISOString().slice(0, 13);
    const totals = readRows(id, hour);
    kept.set(key, { untilMs: nowMs + (isPresent ? PRESENT_HOUR_MS : PAST_HOUR_MS), totals });
    totals.catch(() => kept.delete(key));
    return totals;
  };
}

function hoursBetween(from: string, to: string): string[] {
  const hours: string[] = [];
  let atMs = Date.parse(`${from}:00:00.000Z`);
  const endMs = Date.parse(`${to}:00:00.000Z`);
  while (atMs <= endMs && hours.length < BOOK_HOURS_MAX) {
    hours.push(new Date(atMs).toISOString().slice(0, 13));
    atMs += HOUR_MS;
  }
  return hours;
}
