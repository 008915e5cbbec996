import { createHash } from 'node:crypto';
import {
  type CellFilter,
  type Dimension,
  DIMENSIONS,
  type Group,
  groupCells,
  type Bucketed,
} from '../../../shared/domain/delivery/groups.ts';
import { invalid } from '../http/api-fault.ts';
import type { PageInput, PageOutput } from '../http/pages.ts';
import type { ApiRequest } from '../http/request.ts';

/** Of parts of the product that there are not: nothing is counted by them. */
const OF_AUDIENCES: readonly string[] = ['activationId', 'audienceId', 'spaceId'];

/** Dimensions that a request names. Throws ApiFault 422 for what does not apply, and says why. */
export function dimensionsOf<T extends string>(
  asked: readonly string[] | undefined,
  allowed: readonly T[],
  what: string,
): T[] {
  return (asked ?? []).map((name, index) => {
    const found = allowed.find((one) => one === name);
    if (found !== undefined) return found;
    throw invalid({ field: `groupBy.${index}`, message: whyNot(name, allowed, what) });
  });
}

type AskedFilter = Readonly<Record<string, readonly string[] | undefined>>;

/** What a request filters by, without what it leaves empty. Throws ApiFault 422 for what does not apply. */
export function filterOf(asked: AskedFilter | undefined, allowed: readonly Dimension[], what: string): CellFilter {
  const filter: CellFilter = {};
  for (const [name, values] of Object.entries(asked ?? {})) {
    if (values === undefined || values.length === 0) continue;
    const found = allowed.find((one) => one === name);
    if (found === undefined) throw invalid({ field: `filter.${name}`, message: whyNot(name, allowed, what) });
    filter[found] = values;
  }
  return filter;
}

function whyNot(name: string, allowed: readonly string[], what: string): string {
  const known = `${what} can be told apart by ${allowed.join(', ')}.`;
  if (OF_AUDIENCES.includes(name)) return `Nothing is counted by ${name}: there are no audiences here. ${known}`;
  return (DIMENSIONS as readonly string[]).includes(name)
    ? `${name} does not apply: ${known}`
    : `There is no such dimension. ${known}`;
}

export type GroupPage = { total: number; groups: Group[]; pagination: PageOutput };

/** Sums by group, one page of the groups; `total` is of all. */
export async function groupPage(
  { pages }: Pick<ApiRequest, 'pages'>,
  list: {
    name: string;
    cells: readonly Bucketed[];
    buckets: number;
    by: readonly Dimension[];
    filter: CellFilter;
  },
  page: PageInput | undefined,
): Promise<GroupPage> {
  const groups = groupCells(list.cells, list);
  const { items, pagination } = await pages.cut(
    { name: list.name, items: groups, keyOf: keyOf(list.by), bytesOf: bytesOf(list.buckets) },
    page,
  );
  return { total: groups.reduce((sum, { total }) => sum + total.count, 0), groups: items, pagination };
}

/** Characters of the values with which a key begins, so that groups come in an order that people can follow. */
const KEY_CHARS = 40;

/** Unique, and short enough for a cursor, whatever names events have. */
const keyOf =
  (by: readonly Dimension[]) =>
  ({ values }: Group): string => {
    const text = JSON.stringify(by.map((one) => values[one] ?? ''));
    return `${text.slice(0, KEY_CHARS)} ${createHash('sha256').update(text).digest('base64url')}`;
  };

/** JSON of one point at most; names are counted as they are. */
const POINT_BYTES = 70;
const bytesOf =
  (buckets: number) =>
  ({ values }: Group): number =>
    buckets * POINT_BYTES + Buffer.byteLength(JSON.stringify(values)) + 100;
