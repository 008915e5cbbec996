import { Box, Group } from '@mantine/core';
import classes from './data-table.module.css';
import { isOfSomethingElse } from './row-click.ts';
import type { DataTableProps } from './types.ts';

/** The rows as phones show them. */
export function Cards<Row>({ rows, columns, keyOf, onOpen, menu, label, groupOf }: DataTableProps<Row>) {
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
