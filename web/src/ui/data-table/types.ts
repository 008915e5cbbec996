import type { ReactNode } from 'react';

export type Column<Row> = {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** What rows are sorted by; without it the column cannot be. */
  sort?: (row: Row) => string | number;
  /** Numbers stand right. */
  align?: 'left' | 'right';
  width?: number | string;
  /** Not shown until chosen. */
  isHidden?: boolean;
  /** The row's name: kept in any case, and the head of its card on phones. */
  isMain?: boolean;
};

export type DataTableProps<Row> = {
  /** Says what it lists: for screen readers, and names what is kept of columns. */
  label: string;
  rows: readonly Row[] | undefined;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  /** Names a row to who does not see it: its box. Left out: its key. */
  nameOf?: (row: Row) => string;
  /** Opens a row: by click, by Enter. The main cell should be a link to the same. */
  onOpen?: (row: Row) => void;
  /** What the search looks through; without it there is none. */
  searchText?: (row: Row) => string;
  /** Heads of groups, in order of first appearance; rows are sorted within. */
  groupOf?: ((row: Row) => string) | undefined;
  /** Ids of chosen rows; with it each row has a box. */
  chosen?: ReadonlySet<string>;
  onChoose?: (ids: ReadonlySet<string>) => void;
  /** Buttons of a row, at its end. */
  menu?: (row: Row) => ReactNode;
  /** Beside the search: filters, group by. */
  tools?: ReactNode;
  /** Where a search finds nothing. */
  nothing?: string;
  /** The column by which rows are sorted at first, `-id` downwards. */
  sortedBy?: string;
  /** More pages of the API. */
  more?: { onMore: () => void; isLoading: boolean } | undefined;
};
