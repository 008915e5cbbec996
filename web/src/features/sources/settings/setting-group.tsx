import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './settings.module.css';

/** A part of the settings: what it is at the left, its fields at the right. */
export function SettingGroup({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes['grid']} aria-label={title}>
      <div>
        <Title order={2} size="h3">
          {title}
        </Title>
        {about !== undefined && (
          <Text size="sm" c="dimmed" component="div" mt={4}>
            {about}
          </Text>
        )}
      </div>
      <Stack gap="md">{children}</Stack>
    </section>
  );
}
