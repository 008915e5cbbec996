import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './settings.module.css';

/** One setting: its name and a sentence left, what it is or its control right. */
export function FactRow({ label, about, children }: { label: string; about?: ReactNode; children: ReactNode }) {
  return (
    <Group className={classes.row} justify="space-between" gap="md">
      <div className={classes.rowText}>
        <Text size="sm" fw={550}>
          {label}
        </Text>
        {about !== undefined && (
          <Text size="xs" c="dimmed" component="div">
            {about}
          </Text>
        )}
      </div>
      <div className={classes.rowValue}>{children}</div>
    </Group>
  );
}
