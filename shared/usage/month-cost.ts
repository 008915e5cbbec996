import { dedupKeyOf, type WorkspaceConfig } from '../domain/workspace.ts';
import { type CostLine, priceDestination, priceSource, sumUsd } from './price-usage.ts';
import {
  dayNumberOf,
  type DestinationUnits,
  monthOf,
  type SourceUnits,
  unitsByDay,
  type UsageMonth,
} from './usage-month.ts';

export type PricedThing = {
  id: string;
  name: string | null;
  usd: number;
  units: Record<string, number>;
  lines: CostLine[];
};
export type MonthCost = { usd: number; perDay: number[]; sources: PricedThing[]; destinations: PricedThing[] };

const DAY_SECONDS = 86_400;

/**
 * What a month of a workspace cost by what was counted, day by day: how full batches are follows from how much came on a day. Dearest first. Of a thing
 * that was deleted the setting is not known any more: a source counts as one whose events are claimed one by one, a destination as one of a source
 * of its own requests.
 */
export function costOfMonth(month: UsageMonth, config: WorkspaceConfig): MonthCost {
  const perDay: number[] = [];
  const book = (index: number, lines: readonly CostLine[]) => {
    for (let at = perDay.length; at <= index; at += 1) perDay[at] = 0;
    perDay[index] = (perDay[index] ?? 0) + sumUsd(lines);
  };
  const secondsOf = (index: number): number => {
    const { asOf } = month;
    if (monthOf(asOf) !== month.month || dayNumberOf(asOf) !== index + 1) return DAY_SECONDS;
    return Math.max(1, (Date.parse(asOf) - Date.parse(asOf.slice(0, 10))) / 1_000);
  };
  const unitsOfSource = new Map(Object.entries(month.sources).map(([id, { units }]) => [id, unitsByDay(units)]));

  const sources = [...unitsOfSource].map(([id, days]) => {
    const source = config.sources.find((each) => each.id === id);
    const destinations = config.destinations.filter(
      ({ destination }) => destination.sourceId === id && destination.enabled,
    );
    const lines = days.flatMap((units, index) => {
      const dedupBy = source === undefined ? 'event' : dedupKeyOf(source);
      const priced = priceSource(units, { dedupBy, destinations: destinations.length, seconds: secondsOf(index) });
      book(index, priced);
      return priced;
    });
    const [requests = 0, bytes = 0, received = 0, routed = 0] = sumOf(days);
    return thing(id, source?.name, { requests, bytes, received, routed }, lines);
  });
  const destinations = Object.entries(month.destinations).map(([id, byDay]) => {
    const destination = config.destinations.find((each) => each.destination.id === id)?.destination;
    const days: DestinationUnits[] = unitsByDay(byDay);
    const lines = days.flatMap((units, index) => {
      const known = unitsOfSource.get(destination?.sourceId ?? '')?.[index];
      const own: SourceUnits = [units[0], 0, units[1], units[1]];
      const priced = priceDestination(units, { units: known ?? own, seconds: secondsOf(index) });
      book(index, priced);
      return priced;
    });
    const [parts = 0, sends = 0, bytesOut = 0] = sumOf(days);
    return thing(id, destination?.name, { parts, sends, bytesOut }, lines);
  });
  const dearestFirst = (a: PricedThing, b: PricedThing): number => b.usd - a.usd;
  return {
    usd: perDay.reduce((sum, usd) => sum + usd, 0),
    perDay,
    sources: sources.filter(isPriced).toSorted(dearestFirst),
    destinations: destinations.filter(isPriced).toSorted(dearestFirst),
  };
}

const isPriced = ({ usd }: PricedThing): boolean => usd > 0;

function thing(
  id: string,
  name: string | undefined,
  units: Record<string, number>,
  lines: readonly CostLine[],
): PricedThing {
  const merged = new Map<string, CostLine>();
  for (const each of lines) {
    const sofar = merged.get(each.line);
    const quantity = each.quantity + (sofar?.quantity ?? 0);
    merged.set(each.line, { ...each, quantity, usd: each.usd + (sofar?.usd ?? 0) });
  }
  const sorted = [...merged.values()].toSorted((a, b) => b.usd - a.usd);
  return { id, name: name ?? null, usd: sumUsd(sorted), units, lines: sorted };
}

const sumOf = (days: readonly (readonly number[])[]): number[] =>
  days.reduce((sum: number[], units) => units.map((unit, index) => unit + (sum[index] ?? 0)), []);
