/** Columns of the list beside the name, which is always there. */
export const COLUMNS = [
  { id: 'time', title: 'Time', width: '92px' },
  { id: 'type', title: 'Type', width: '62px' },
  { id: 'user', title: 'User', width: 'minmax(70px, 0.6fr)' },
  { id: 'verdict', title: 'Verdict', width: '96px' },
  { id: 'to', title: 'Outcome', width: 'minmax(100px, 0.8fr)' },
] as const;
export type ColumnId = (typeof COLUMNS)[number]['id'];

const NAME_WIDTH = 'minmax(120px, 1.4fr)';
/** Columns before the name. */
const BEFORE: readonly ColumnId[] = ['time', 'type'];

/** Shown columns in order, the name among them, and their widths for a grid. */
export function layoutOf(hidden: ReadonlySet<string>): { before: ColumnId[]; behind: ColumnId[]; template: string } {
  const shown = COLUMNS.filter(({ id }) => !hidden.has(id));
  const isBefore = ({ id }: { id: ColumnId }): boolean => BEFORE.includes(id);
  const before = shown.filter(isBefore);
  const behind = shown.filter((column) => !isBefore(column));
  return {
    before: before.map(({ id }) => id),
    behind: behind.map(({ id }) => id),
    template: [...before.map(({ width }) => width), NAME_WIDTH, ...behind.map(({ width }) => width)].join(' '),
  };
}

export const titleOfColumn = (id: ColumnId): string => COLUMNS.find((column) => column.id === id)?.title ?? id;

const KEY = 'tributary-hidden-columns:debugger';
export const readHidden = (): ReadonlySet<string> => new Set(localStorage.getItem(KEY)?.split(',') ?? []);
export const keepHidden = (hidden: ReadonlySet<string>): void => localStorage.setItem(KEY, [...hidden].join(','));
