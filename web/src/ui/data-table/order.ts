import type { Column } from './types.ts';

/** Sorted by the column that `sort` names; rows that are alike keep their order. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: string | undefined,
): readonly Row[] {
  const isDown = sort?.startsWith('-') ?? false;
  const by = columns.find(({ id }) => id === (isDown ? sort?.slice(1) : sort))?.sort;
  if (by === undefined) return rows;
  const compare = (a: Row, b: Row): number => {
    const [x, y] = [by(a), by(b)];
    return typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
  };
  return rows.toSorted(isDown ? (a, b) => compare(b, a) : compare);
}

/** Rows of a group beside each other, groups in the order in which they first come. */
export function grouped<Row>(rows: readonly Row[], groupOf: (row: Row) => string): readonly Row[] {
  return [...Map.groupBy(rows, groupOf).values()].flat();
}
