import type { ErrorLine } from '../books.ts';
import { adviceFor } from './advice.ts';
import { type Buckets, STEP_MS, type StepUnit } from './buckets.ts';
import { type Bucketed, type CellFilter, type Dimension, type Group, groupCells, seriesOf } from './groups.ts';

/** Rows of one step's breakdown, and reasons of one step; the rarest beyond are left out, and how many is said. */
export const BREAKDOWN_ROWS_MAX = 500;
export const DISCARD_ROWS_MAX = 100;

export type BreakdownRow = {
  eventType: string;
  eventName: string;
  appVersion: string;
  count: number;
  share: number | null;
  change: number | null;
};
export type DiscardRow = {
  reason: string;
  count: number;
  share: number | null;
  change: number | null;
  firstSeenAt: string;
  lastSeenAt: string;
  advice: string;
};
export type StepView = {
  count: number;
  share: number | null;
  change: number | null;
  series: number[];
  breakdown: BreakdownRow[];
  breakdownLeftOut: number;
  discards: DiscardRow[];
  discardsLeftOut: number;
};

/** A period's cells of one step, and everything that came in it: what shares of the step are of. */
export type Period = { cells: readonly Bucketed[]; received: number };
type Shown = {
  now: Period;
  before: Period;
  buckets: Buckets & { unit: StepUnit };
  filter?: CellFilter;
  /** The error table of the same time, which knows moments where cells know steps of the series. */
  errors?: readonly ErrorLine[];
  /** Now: nothing is seen later. */
  asOf: string;
};

const OF_KIND: readonly Dimension[] = ['eventType', 'eventName', 'appVersion'];

/** One step as its page shows it. Shares are in per cent: of the step, of what came; of a row, of its step. */
export function stepView({ now, before, buckets, filter = {}, errors = [], asOf }: Shown): StepView {
  const groups = (period: Period, by: readonly Dimension[]): Group[] => groupCells(period.cells, { by, filter });
  const [all] = groups(now, []);
  const [then] = groups(before, []);
  const count = all?.total.count ?? 0;
  const countThen = then?.total.count ?? 0;
  const rowsBy = (by: readonly Dimension[]) => {
    const old = new Map(groups(before, by).map((group) => [keyOf(group, by), group.total.count]));
    return groups(now, by)
      .filter((group) => group.total.count > 0)
      .map((group) => ({
        group,
        count: group.total.count,
        ...shareAndChange(group.total.count, count, old.get(keyOf(group, by)) ?? 0, countThen),
      }))
      .toSorted((a, b) => b.count - a.count);
  };
  const kinds = rowsBy(OF_KIND);
  const reasons = rowsBy(['discardReason']).filter(({ group }) => group.values.discardReason !== '');
  return {
    count,
    ...shareAndChange(count, now.received, countThen, before.received),
    series: all === undefined ? [] : seriesOf(all, buckets.starts.length).map((point) => point.count),
    breakdown: kinds.slice(0, BREAKDOWN_ROWS_MAX).map(({ group: { values }, ...row }) => ({
      eventType: values.eventType ?? '',
      eventName: values.eventName ?? '',
      appVersion: values.appVersion ?? '',
      ...row,
    })),
    breakdownLeftOut: Math.max(0, kinds.length - BREAKDOWN_ROWS_MAX),
    discards: reasons.slice(0, DISCARD_ROWS_MAX).map(({ group, ...row }) => {
      const reason = group.values.discardReason ?? '';
      return { reason, ...row, ...seenOf(group, reason, { buckets, errors, asOf }), advice: adviceFor(reason) };
    }),
    discardsLeftOut: Math.max(0, reasons.length - DISCARD_ROWS_MAX),
  };
}

const keyOf = ({ values }: Group, by: readonly Dimension[]): string => JSON.stringify(by.map((one) => values[one]));

/** G10: the change is that of shares, in points: 15 % -> 22 % is 7. Null where there was nothing to have a share of. */
function shareAndChange(count: number, of: number, countThen: number, ofThen: number) {
  const share = of === 0 ? null : percent(count, of);
  const change = of === 0 || ofThen === 0 ? null : rounded((100 * count) / of - (100 * countThen) / ofThen);
  return { share, change };
}

const percent = (count: number, of: number): number => rounded((100 * count) / of);
/** To a hundredth of a per cent. */
const rounded = (value: number): number => Math.round(value * 100) / 100;

function seenOf(
  { points }: Group,
  reason: string,
  { buckets, errors, asOf }: Pick<Shown, 'buckets' | 'asOf'> & { errors: readonly ErrorLine[] },
): { firstSeenAt: string; lastSeenAt: string } {
  const having = [...points].filter(([, { count }]) => count > 0).map(([bucket]) => bucket);
  const first = Math.min(...having);
  const last = Math.max(...having);
  const startOf = (bucket: number): string => buckets.starts[bucket] ?? buckets.from;
  const end = new Date(
    Math.min(Date.parse(startOf(last)) + STEP_MS[buckets.unit], Date.parse(buckets.to)),
  ).toISOString();
  const own = errors.filter(({ code }) => code === reason);
  const least = (times: readonly string[]): string | undefined => times.toSorted()[0];
  return {
    firstSeenAt: least(own.map(({ firstSeen }) => firstSeen)) ?? startOf(first),
    lastSeenAt:
      own
        .map(({ lastSeen }) => lastSeen)
        .toSorted()
        .at(-1) ?? (end < asOf ? end : asOf),
  };
}
