import { ActionIcon, Button, Checkbox, Group, Skeleton, Table, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { text, useParam } from '../search-params.ts';
import { Cards } from './cards.tsx';
import { ColumnChooser, useHidden } from './column-chooser.tsx';
import classes from './data-table.module.css';
import { HeadCell } from './head-cell.tsx';
import { grouped, sorted } from './order.ts';
import { RowView } from './row-view.tsx';
import type { DataTableProps } from './types.ts';

/** Rows that are drawn before "Show more". */
const ROWS_SHOWN = 100;
const PHONE = '(max-width: 40em)';

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
