import { type SchemaRow, shownName } from '../../../shared/domain/schema-page.ts';
import type { SchemaTab } from '../../../shared/domain/source-schema.ts';
import type { ListedRow, SchemaList } from './schema-list.ts';

const EVENT_COLUMNS = ['Event Name', 'Last Seen At (UTC)', 'Property Name', 'Allowed', 'Blocked', 'Total', 'Planned'];
const TRAIT_COLUMNS = ['Trait Name', 'Last Seen At (UTC)', 'Allowed', 'Blocked', 'Total', 'Planned'];

/**
 * A tab as rows of a file (F13): of events one for each with its own counts, where the property is empty, and one for each of its properties. No value is in it.
 * Blocked is empty where it is not counted: of traits and properties.
 */
export function schemaRows(
  list: SchemaList,
  tab: SchemaTab,
  days: number,
  isPlanned: (row: SchemaRow) => boolean | null,
): string[][] {
  const before = `more than ${days} days ago`;
  const seen = (at: string | null): string => (at === null ? '' : at < list.from ? before : at);
  const sorted = list.rows.toSorted((a, b) => (shownName(a.row) < shownName(b.row) ? -1 : 1));
  if (tab !== 'track') {
    return [
      TRAIT_COLUMNS,
      ...sorted.map((each) => [
        shownName(each.row),
        seen(each.lastSeenAt),
        ...counts(each),
        planned(isPlanned(each.row)),
      ]),
    ];
  }
  return [
    EVENT_COLUMNS,
    ...sorted.flatMap((each) => {
      const name = shownName(each.row);
      return [
        [name, seen(each.lastSeenAt), '', ...counts(each), planned(isPlanned(each.row))],
        ...each.properties.map(({ path, count, lastSeenAt }) => [
          name,
          seen(lastSeenAt),
          path,
          String(count),
          '',
          String(count),
          '',
        ]),
      ];
    }),
  ];
}

const counts = ({ allowedCount, blockedCount }: ListedRow): string[] => [
  String(allowedCount),
  blockedCount === null ? '' : String(blockedCount),
  String(allowedCount + (blockedCount ?? 0)),
];

const planned = (isPlanned: boolean | null): string => (isPlanned === null ? '' : isPlanned ? 'yes' : 'no');
