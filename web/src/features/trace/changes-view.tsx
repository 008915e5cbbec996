import { Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Diff } from '../../ui/json/diff-view.tsx';
import type { Trace } from './outcome.ts';
import { stagesOf } from './stages.ts';

/** What changed between any two stages of an event's way. */
export function ChangesView({ trace }: { trace: Trace }) {
  const stages = stagesOf(trace);
  const [before, setBefore] = useState('sent');
  const [after, setAfter] = useState<string>();
  const from = stages.find(({ id }) => id === before) ?? stages[0];
  const to = stages.find(({ id }) => id === after) ?? stages[1];
  if (from === undefined || to === undefined) {
    return (
      <Text size="sm" c="dimmed">
        There are no two stages to compare: {trace.gaps.find(({ what }) => what === 'payload')?.why ?? 'one is kept.'}
      </Text>
    );
  }
  const data = stages.map(({ id, label }) => ({ value: id, label }));
  return (
    <Stack gap="sm">
      <Group grow gap="sm">
        <Select
          label="From"
          data={data}
          value={from.id}
          onChange={(id) => setBefore(id ?? 'sent')}
          allowDeselect={false}
        />
        <Select
          label="To"
          data={data}
          value={to.id}
          onChange={(id) => setAfter(id ?? undefined)}
          allowDeselect={false}
        />
      </Group>
      <Diff before={from.value} after={to.value} label={`Changes from ${from.label} to ${to.label}`} />
    </Stack>
  );
}
