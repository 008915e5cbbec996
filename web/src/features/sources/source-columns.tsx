import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { useCall } from '../../api/calls.ts';
import { Spark } from '../../ui/charts/spark.tsx';
import { Count } from '../../ui/count.tsx';
import type { Column } from '../../ui/data-table/types.ts';
import { exact } from '../../ui/format.ts';
import { AppLink } from '../../ui/link.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Chip, StatusBadge } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { FedLogos } from './fed-logos.tsx';
import type { SourceRow } from './source-rows.ts';
import classes from './sources.module.css';

/** Columns of the list of sources (A11 to A13). Who made a source and when is asked for only while it is shown. */
export const sourceColumns = (workspace: string): Column<SourceRow>[] => [
  {
    id: 'name',
    title: 'Name',
    isMain: true,
    sort: ({ name }) => name.toLowerCase(),
    cell: ({ source, name }) => (
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        <Logo slug={source.metadata.slug} name={name} size={28} />
        <div style={{ minWidth: 0, maxWidth: 280 }}>
          <AppLink to={`/${workspace}/sources/${source.id}`} className={classes['name']}>
            {name}
          </AppLink>
          <Text size="xs" c="dimmed" truncate>
            {source.slug}
          </Text>
        </div>
      </Group>
    ),
  },
  {
    id: 'state',
    title: 'State',
    sort: ({ state }) => state,
    cell: ({ state, stat }) => (
      <Stack gap={2} align="flex-start">
        {stat === undefined && state !== 'disabled' ? (
          <Skeleton width={84} height={20} radius="xl" />
        ) : (
          <StatusBadge state={state} />
        )}
        <Ago at={stat?.lastSeenAt} never={stat === undefined ? '' : 'No event in 15 days'} size="xs" c="dimmed" />
      </Stack>
    ),
  },
  {
    id: 'events',
    title: 'Events, 24 hours',
    align: 'right',
    sort: ({ stat }) => stat?.received ?? 0,
    cell: ({ stat, name, state }) =>
      stat !== undefined && (
        <Group gap="sm" wrap="nowrap" justify="flex-end">
          <Spark
            values={stat.series.values}
            label={`${name}: ${exact(stat.received)} events in 24 hours`}
            tone={state === 'failing' ? 'bad' : state === 'degraded' ? 'warn' : 'neutral'}
            width={72}
          />
          <Text size="sm" miw={52} ta="right" fw={550}>
            <Count value={stat.received} />
          </Text>
        </Group>
      ),
  },
  {
    id: 'type',
    title: 'Type',
    sort: ({ source }) => source.metadata.name,
    cell: ({ source, category }) => (
      <div>
        <Text size="sm">{source.metadata.name}</Text>
        {category !== source.metadata.name && (
          <Text size="xs" c="dimmed">
            {category}
          </Text>
        )}
      </div>
    ),
  },
  {
    id: 'destinations',
    title: 'Destinations',
    sort: ({ fed }) => fed.length,
    cell: ({ fed, name }) => <FedLogos fed={fed} of={name} />,
  },
  {
    id: 'environment',
    title: 'Environment',
    sort: ({ environments }) => environments.join(','),
    cell: ({ environments }) => <Chips of={environments} />,
  },
  { id: 'labels', title: 'Labels', isHidden: true, cell: ({ labels }) => <Chips of={labels} /> },
  { id: 'created', title: 'Created', isHidden: true, cell: ({ source }) => <Created of={source.id} /> },
  { id: 'creator', title: 'Created by', isHidden: true, cell: ({ source }) => <Creator of={source.id} /> },
];

function Chips({ of }: { of: readonly string[] }) {
  if (of.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        –
      </Text>
    );
  }
  return (
    <Group gap={4}>
      {of.map((value) => (
        <Chip key={value} size="sm">
          {value}
        </Chip>
      ))}
    </Group>
  );
}

/** It does not change. */
const FRESH_MS = 600_000;
const useMade = (sourceId: string) =>
  useCall('getAppSource', { path: { sourceId } }, { freshMs: FRESH_MS }).data?.source;

function Created({ of }: { of: string }) {
  return <Ago at={useMade(of)?.createdAt} />;
}

function Creator({ of }: { of: string }) {
  const made = useMade(of);
  return <Text size="sm">{made === undefined ? '' : (made.createdBy ?? 'Seed file')}</Text>;
}
