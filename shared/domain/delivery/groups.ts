import type { Cell } from './steps.ts';

/** What numbers are told apart by. */
export const DIMENSIONS = ['eventName', 'eventType', 'appVersion', 'discardReason', 'subscriptionId'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export type Point = { count: number; retries: number };
/**
 * One group, with points by the numbers of the buckets in which there is something: of thousands of groups few are shown. `values`: of the dimensions that it
 * was grouped by; empty is a value, too.
 */
export type Group = { values: Partial<Record<Dimension, string>>; total: Point; points: Map<number, Point> };
/** Cells of a bucket of the range, by the bucket's number. */
export type Bucketed = { bucket: number; cells: readonly Cell[] };
export type CellFilter = Partial<Record<Dimension, readonly string[]>>;

export const valueOf = ({ kind: [type, name, version], reason, subscriptionId }: Cell, by: Dimension): string =>
  ({ eventName: name, eventType: type, appVersion: version, discardReason: reason, subscriptionId })[by];

/** A cell fits where each filtered dimension has one of the values that are asked for. */
export const fits = (cell: Cell, filter: CellFilter): boolean =>
  Object.entries(filter).every(([by, wanted]) => wanted.includes(valueOf(cell, by as Dimension)));

/**
 * Sums of what fits, by the dimensions asked for; without any, one group, which is there although nothing was counted. Tries that go on (retries of no
 * reason) have no discard reason yet: where reasons are told apart they are in no group.
 */
export function groupCells(
  bucketed: readonly Bucketed[],
  { by, filter }: { by: readonly Dimension[]; filter: CellFilter },
): Group[] {
  const groups = new Map<string, Group>();
  const groupOf = (key: string, values: Group['values']): Group => {
    const known = groups.get(key);
    if (known !== undefined) return known;
    const group: Group = { values, total: none(), points: new Map() };
    groups.set(key, group);
    return group;
  };
  if (by.length === 0) groupOf('', {});
  for (const { bucket, cells } of bucketed) {
    for (const cell of cells) {
      if (!fits(cell, filter) || (cell.count === 0 && by.includes('discardReason'))) continue;
      const values = by.map((one) => valueOf(cell, one));
      const group = groupOf(
        by.length === 0 ? '' : JSON.stringify(values),
        Object.fromEntries(by.map((one, index) => [one, values[index]])),
      );
      add(group.total, cell);
      const point = group.points.get(bucket) ?? none();
      add(point, cell);
      group.points.set(bucket, point);
    }
  }
  return [...groups.values()];
}

/** A point for each of so many buckets. */
export const seriesOf = ({ points }: Group, buckets: number): Point[] =>
  Array.from({ length: buckets }, (_, bucket) => points.get(bucket) ?? none());

const none = (): Point => ({ count: 0, retries: 0 });

function add(point: Point, { count, retries }: Cell): void {
  point.count += count;
  point.retries += retries;
}
