import { Table, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import classes from './data-table.module.css';
import type { Column } from './types.ts';

/** The head of a column; where rows can be sorted by it, a press goes from upwards to downwards to neither. */
export function HeadCell<Row>({
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
