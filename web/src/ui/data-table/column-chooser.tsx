import { Button, Menu } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import { useState } from 'react';
import { toggled } from './toggled.ts';
import type { Column } from './types.ts';

/** The menu of the columns that may be left out. */
export function ColumnChooser({
  columns,
  hidden,
  onChange,
}: {
  columns: readonly Pick<Column<never>, 'id' | 'title' | 'isMain'>[];
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
export function useHidden<Row>(
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
