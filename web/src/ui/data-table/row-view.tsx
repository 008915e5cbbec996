import { Checkbox, Table } from '@mantine/core';
import classes from './data-table.module.css';
import { isOfSomethingElse } from './row-click.ts';
import { toggled } from './toggled.ts';
import type { DataTableProps } from './types.ts';

/** A row, below the head of its group where it is the group's first. */
export function RowView<Row>({
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
