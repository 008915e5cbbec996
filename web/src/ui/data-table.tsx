import {
  ActionIcon,
  Box,
  Button,
  Checkbox,
  Group,
  Menu,
  Skeleton,
  Table,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useMemo, useState } from 'react';
import classes from './data-table.module.css';
import { IconChevronDown, IconChevronUp, IconColumns, IconSearch, IconX } from '@tabler/icons-react';
import { text, useParam } from './search-params.ts';

/** Rows that are drawn before "Show more". */
const ROWS_SHOWN = 100;
const PHONE = '(max-width: 40em)';

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

/**
 * A list of things: search (`/`), sort and columns kept in the address, rows by `j`, `k` and Enter, cards on phones, skeleton of its own layout. What is empty
 * is the page's to say: it shows its own face.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    label,
    rows,
    columns,
    keyOf,
    onOpen,
    searchText,
    groupOf,
    chosen,
    onChoose,
    menu,
    tools,
    nothing,
    sortedBy,
    more,
  } = props;
  const [query = '', setQuery] = useParam('q', text, { replace: true });
  const [sort = sortedBy, setSort] = useParam('sort', text, { replace: true });
  const [hidden, setHidden] = useHidden(label, columns);
  const [shown, setShown] = useState(ROWS_SHOWN);
  const isPhone = useMediaQuery(PHONE) ?? false;

  const found = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = (rows ?? []).filter((row) => {
      // A list without a search beside one that has it stays whole.
      if (searchText === undefined) return true;
      const all = searchText(row).toLowerCase();
      return words.every((word) => all.includes(word));
    });
    return groupOf === undefined ? sorted(kept, columns, sort) : grouped(sorted(kept, columns, sort), groupOf);
  }, [rows, columns, query, sort, searchText, groupOf]);

  const visible = columns.filter(({ id, isMain }) => isMain === true || !hidden.has(id));
  const page = found.slice(0, shown);
  // A short list without a search needs no columns to choose from.
  const hasHead = searchText !== undefined || tools !== undefined;
  const head = hasHead && (
    <Group gap="xs" mb="sm" justify="space-between">
      <Group gap="xs" style={{ flex: '1 1 260px' }}>
        {searchText !== undefined && (
          <TextInput
            data-search="true"
            aria-label={`Search ${label}`}
            placeholder={`Search ${label}`}
            value={query}
            onChange={({ currentTarget }) => setQuery(currentTarget.value === '' ? undefined : currentTarget.value)}
            leftSection={<IconSearch size={15} aria-hidden="true" />}
            rightSection={
              query !== '' && (
                <ActionIcon size="sm" aria-label="Clear search" onClick={() => setQuery(undefined)}>
                  <IconX size={14} />
                </ActionIcon>
              )
            }
            w={{ base: '100%', xs: 280 }}
          />
        )}
        {tools}
      </Group>
      {columns.some(({ isMain }) => isMain !== true) && !isPhone && (
        <ColumnChooser columns={columns} hidden={hidden} onChange={setHidden} />
      )}
    </Group>
  );

  if (rows === undefined) {
    return (
      <div role="status" aria-label={`Loading ${label}`} data-face="loading">
        {head}
        <div className={classes.frame}>
          {Array.from({ length: 8 }, (_, index) => (
            <Group key={index} px="md" py={12} className={classes.ghost} wrap="nowrap">
              <Skeleton circle height={22} />
              <Skeleton height={12} width={`${24 + ((index * 7) % 18)}%`} />
              <Skeleton height={12} width="12%" ml="auto" />
              <Skeleton height={12} width="9%" />
            </Group>
          ))}
        </div>
      </div>
    );
  }

  return (
    <div>
      {head}
      {isPhone ? (
        <Cards {...props} rows={page} columns={visible} />
      ) : (
        <div className={classes.frame}>
          <Table.ScrollContainer minWidth={560} type="native">
            <Table
              verticalSpacing={9}
              horizontalSpacing="md"
              highlightOnHover={onOpen !== undefined}
              aria-label={label}
            >
              <Table.Thead className={classes.head}>
                <Table.Tr>
                  {chosen !== undefined && (
                    <Table.Th w={36}>
                      <Checkbox
                        size="xs"
                        aria-label="Choose all that are shown"
                        checked={page.length > 0 && page.every((row) => chosen.has(keyOf(row)))}
                        indeterminate={
                          page.some((row) => chosen.has(keyOf(row))) && !page.every((row) => chosen.has(keyOf(row)))
                        }
                        onChange={({ currentTarget }) =>
                          onChoose?.(new Set(currentTarget.checked ? page.map(keyOf) : []))
                        }
                      />
                    </Table.Th>
                  )}
                  {visible.map((column) => (
                    <HeadCell key={column.id} column={column} sort={sort} onSort={setSort} />
                  ))}
                  {menu !== undefined && (
                    <Table.Th w={44}>
                      <span className={classes.unseen}>Actions</span>
                    </Table.Th>
                  )}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody onKeyDown={onRowKey}>
                {page.map((row, index) => (
                  <RowView key={keyOf(row)} row={row} before={page[index - 1]} {...props} columns={visible} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </div>
      )}
      {found.length === 0 && (
        <Text ta="center" c="dimmed" size="sm" py="lg" role="status">
          {query === '' ? (nothing ?? 'Nothing here') : `Nothing matches “${query}”`}
        </Text>
      )}
      <Group justify="center" mt="sm">
        {found.length > shown && (
          <Button variant="default" size="xs" onClick={() => setShown((count) => count + ROWS_SHOWN)}>
            Show {Math.min(ROWS_SHOWN, found.length - shown)} more of {found.length}
          </Button>
        )}
        {found.length <= shown && more !== undefined && (
          <Button variant="default" size="xs" loading={more.isLoading} onClick={more.onMore}>
            Load more
          </Button>
        )}
      </Group>
    </div>
  );
}

function RowView<Row>({
  row,
  before,
  columns,
  keyOf,
  nameOf,
  onOpen,
  groupOf,
  chosen,
  onChoose,
  menu,
}: DataTableProps<Row> & { row: Row; before: Row | undefined }) {
  const key = keyOf(row);
  const group = groupOf?.(row);
  const isFirst = group !== undefined && (before === undefined || groupOf?.(before) !== group);
  const width = columns.length + (chosen === undefined ? 0 : 1) + (menu === undefined ? 0 : 1);
  return (
    <>
      {isFirst && (
        <Table.Tr className={classes.group}>
          <Table.Th colSpan={width} scope="colgroup">
            {group}
          </Table.Th>
        </Table.Tr>
      )}
      <Table.Tr
        data-row="true"
        className={onOpen === undefined ? undefined : classes.opens}
        onClick={(event) => {
          if (onOpen === undefined || isOfSomethingElse(event)) return;
          if (window.getSelection()?.toString() !== '') return;
          onOpen(row);
        }}
      >
        {chosen !== undefined && (
          <Table.Td>
            <Checkbox
              size="xs"
              aria-label={`Choose ${nameOf?.(row) ?? key}`}
              checked={chosen.has(key)}
              onChange={() => onChoose?.(toggled(chosen, key))}
            />
          </Table.Td>
        )}
        {columns.map(({ id, cell, align = 'left', isMain }) => (
          <Table.Td
            key={id}
            ta={align}
            data-main={isMain === true ? 'true' : undefined}
            className={align === 'right' ? 'numbers' : ''}
          >
            {cell(row)}
          </Table.Td>
        ))}
        {menu !== undefined && <Table.Td ta="right">{menu(row)}</Table.Td>}
      </Table.Tr>
    </>
  );
}

function HeadCell<Row>({
  column: { id, title, sort: sortOf, align = 'left', width },
  sort,
  onSort,
}: {
  column: Column<Row>;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}) {
  const isUp = sort === id;
  const isDown = sort === `-${id}`;
  return (
    <Table.Th
      ta={align}
      w={width}
      aria-sort={isUp ? 'ascending' : isDown ? 'descending' : sortOf === undefined ? undefined : 'none'}
    >
      {sortOf === undefined ? (
        title
      ) : (
        <UnstyledButton className={classes.sort} onClick={() => onSort(isDown ? undefined : isUp ? `-${id}` : id)}>
          {title}
          {isUp && <IconChevronUp size={13} aria-hidden="true" />}
          {isDown && <IconChevronDown size={13} aria-hidden="true" />}
        </UnstyledButton>
      )}
    </Table.Th>
  );
}

function Cards<Row>({ rows, columns, keyOf, onOpen, menu, label, groupOf }: DataTableProps<Row>) {
  return (
    <ul className={classes.cards} aria-label={label}>
      {(rows ?? []).map((row, index) => {
        const main = columns.find(({ isMain }) => isMain === true);
        const before = (rows ?? [])[index - 1];
        const group = groupOf?.(row);
        const isFirst = group !== undefined && (before === undefined || groupOf?.(before) !== group);
        return (
          <li key={keyOf(row)}>
            {isFirst && <div className={classes.cardGroup}>{group}</div>}
            {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the card's head is a link to the same */}
            <div
              className={classes.card}
              onClick={(event) => {
                if (onOpen !== undefined && !isOfSomethingElse(event)) onOpen(row);
              }}
            >
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Box style={{ minWidth: 0 }}>{main?.cell(row)}</Box>
                {menu?.(row)}
              </Group>
              <dl className={classes.facts}>
                {columns
                  .filter(({ isMain }) => isMain !== true)
                  .map(({ id, title, cell }) => (
                    <div key={id}>
                      <dt>{title}</dt>
                      <dd>{cell(row)}</dd>
                    </div>
                  ))}
              </dl>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function ColumnChooser<Row>({
  columns,
  hidden,
  onChange,
}: {
  columns: readonly Column<Row>[];
  hidden: ReadonlySet<string>;
  onChange: (hidden: ReadonlySet<string>) => void;
}) {
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns size={14} aria-hidden="true" />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {columns
          .filter(({ isMain }) => isMain !== true)
          .map(({ id, title }) => (
            <Menu.CheckboxItem key={id} checked={!hidden.has(id)} onChange={() => onChange(toggled(hidden, id))}>
              {title}
            </Menu.CheckboxItem>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Which columns are hidden, by table, kept in this browser. */
function useHidden<Row>(
  label: string,
  columns: readonly Column<Row>[],
): [ReadonlySet<string>, (hidden: ReadonlySet<string>) => void] {
  const key = `tributary-hidden-columns:${label}`;
  const [hidden, set] = useState<ReadonlySet<string>>(() => {
    const first = columns.filter(({ isHidden }) => isHidden === true).map(({ id }) => id);
    return new Set(localStorage.getItem(key)?.split(',') ?? first);
  });
  return [
    hidden,
    (next) => {
      localStorage.setItem(key, [...next].join(','));
      set(next);
    },
  ];
}

const toggled = (set: ReadonlySet<string>, key: string): ReadonlySet<string> => {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
};

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

/** Whether a click was meant for a control of the row, or for what one of them opened: choices and dialogs are drawn elsewhere, yet React tells the row of it. */
const isOfSomethingElse = ({ target, currentTarget }: MouseEvent): boolean =>
  !(target instanceof Element) || !currentTarget.contains(target) || target.closest('a, button, input, label') !== null;

/** `j` and `k` go through the rows' links, Enter opens. */
function onRowKey(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'j' && event.key !== 'k') return;
  if (event.target instanceof HTMLInputElement) return;
  if (!(event.target instanceof Node) || !event.currentTarget.contains(event.target)) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-main] a')];
  const at = links.findIndex((link) => link === document.activeElement);
  links[at + (event.key === 'j' ? 1 : -1)]?.focus();
  event.preventDefault();
}
