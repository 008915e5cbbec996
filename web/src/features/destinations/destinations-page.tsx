import { Group, Select, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { isIn, useEnvironment } from '../../app/environment-filter.tsx';
import { Spark } from '../../ui/charts/spark.tsx';
import { Count, Share } from '../../ui/count.tsx';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import type { Column } from '../../ui/data-table/types.ts';
import { counted, exact } from '../../ui/format.ts';
import { AppLink, TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Page } from '../../ui/page.tsx';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { DocLink, Empty, Failed } from '../../ui/states.tsx';
import { Chip, StatusBadge } from '../../ui/status.tsx';
import { AsOf } from '../../ui/time.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { type DestinationRow, type Stats, useDestinationRows } from './destination-rows.ts';
import classes from './destinations.module.css';
import { RowMenu } from './row-menu.tsx';

/** What rows can be grouped by, and how it is said. */
const GROUPS = {
  category: { label: 'Category', of: (row: DestinationRow) => row.type.category },
  integration: { label: 'Integration', of: (row: DestinationRow) => row.type.name },
  state: { label: 'State', of: (row: DestinationRow) => STATE_WORDS[row.state] },
  source: { label: 'Source', of: (row: DestinationRow) => row.source.name },
  environment: { label: 'Environment', of: (row: DestinationRow) => row.environment },
} as const;
type GroupName = keyof typeof GROUPS | 'none';
const GROUP_NAMES: readonly GroupName[] = ['category', 'integration', 'state', 'source', 'environment', 'none'];

const STATE_WORDS: Readonly<Record<DestinationRow['state'], string>> = {
  receiving: 'Delivering',
  idle: 'Idle',
  degraded: 'Degraded',
  failing: 'Failing',
  disabled: 'Disabled',
  'setting-up': 'Setting up',
};
/** Share of failed tries from which it is shown as bad. */
const FAILED_SHARE_SHOWN = 0.01;

/** What needs a look stands first. */
const STATE_ORDER: readonly DestinationRow['state'][] = [
  'failing',
  'degraded',
  'setting-up',
  'receiving',
  'idle',
  'disabled',
];

const searchText = ({ name, type, source, state }: DestinationRow): string =>
  [name, type.name, ...type.categories, source.name, STATE_WORDS[state]].join(' ');

/** Every destination with its state, its source and what it delivered in a day, sorted by category (B01). */
export function DestinationsPage() {
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const { rows, error, asOf, refetch } = useDestinationRows();
  const [environment] = useEnvironment();
  const [group = 'category', setGroup] = useParam('group', oneOf(...GROUP_NAMES), { replace: true });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo(() => columnsOf(workspace), [workspace]);
  const shown = useMemo(() => {
    const kept = rows?.filter(({ source }) => isIn(environment, source.labels));
    if (group === 'none' || kept === undefined) return kept;
    const { of } = GROUPS[group];
    const place = (row: DestinationRow): string =>
      group === 'state' ? String(STATE_ORDER.indexOf(row.state)) : of(row);
    return kept.toSorted((a, b) => place(a).localeCompare(place(b)) || a.name.localeCompare(b.name));
  }, [rows, environment, group]);
  const add = (
    <Action
      right="destination.create"
      leftSection={<IconPlus size={16} aria-hidden="true" />}
      onClick={() => void navigate({ to: `/${workspace}/destinations/new` })}
    >
      Add destination
    </Action>
  );

  if (error !== undefined && error !== null) {
    return (
      <Page title="Destinations" actions={add}>
        <Failed what="Destinations" error={error} onRetry={refetch} />
      </Page>
    );
  }
  if (rows?.length === 0) {
    return (
      <Page title="Destinations">
        <Empty
          icon={<IconPlugConnected size={30} aria-hidden="true" />}
          title="No destinations yet"
          action={
            <>
              {add}
              <DocLink page="destinations">What a destination is</DocLink>
            </>
          }
        >
          A destination is a tool that gets your events: Slack, Braze, Google Analytics, a webhook of yours. Choose one
          of the catalog, try it on a real event, then enable it.
        </Empty>
      </Page>
    );
  }
  return (
    <Page
      title="Destinations"
      about={rows === undefined ? 'Tools that get your events' : <Summary rows={rows} asOf={asOf} />}
      actions={add}
    >
      <BulkBar rows={(rows ?? []).filter(({ id }) => chosen.has(id))} onDone={() => setChosen(new Set())} />
      <DataTable
        label="destinations"
        rows={shown}
        columns={columns}
        keyOf={({ id }) => id}
        nameOf={({ name, source }) => `${name} of ${source.name}`}
        onOpen={({ id }) => void navigate({ to: `/${workspace}/destinations/${id}/delivery` })}
        searchText={searchText}
        groupOf={group === 'none' ? undefined : GROUPS[group].of}
        chosen={chosen}
        onChoose={setChosen}
        menu={rowMenu}
        nothing={environment === undefined ? 'No destinations' : `No destinations in ${environment}`}
        tools={
          <Select
            aria-label="Group by"
            size="sm"
            w={190}
            value={group}
            onChange={(value) => setGroup(value as GroupName)}
            allowDeselect={false}
            data={GROUP_NAMES.map((value) => ({
              value,
              label: value === 'none' ? 'Not grouped' : `By ${GROUPS[value].label.toLowerCase()}`,
            }))}
          />
        }
      />
    </Page>
  );
}

function Summary({ rows, asOf }: { rows: readonly DestinationRow[]; asOf: string | undefined }) {
  const of = (state: DestinationRow['state']): number => rows.filter((row) => row.state === state).length;
  const parts = [
    counted(rows.length, 'destination'),
    ...(['failing', 'degraded', 'disabled'] as const).flatMap((state) =>
      of(state) === 0 ? [] : [`${of(state)} ${STATE_WORDS[state].toLowerCase()}`],
    ),
  ];
  return (
    <Group gap={8}>
      {parts.join(' · ')}
      <AsOf at={asOf} />
    </Group>
  );
}

const columnsOf = (workspace: string): Column<DestinationRow>[] => [
  {
    id: 'name',
    title: 'Name',
    isMain: true,
    sort: ({ name }) => name,
    cell: ({ id, name, type }) => (
      <Group gap={10} wrap="nowrap">
        <Logo slug={type.slug} name={type.name} size={26} />
        <div className={classes.name}>
          <AppLink to={`/${workspace}/destinations/${id}/delivery`} className={classes.link}>
            {name}
          </AppLink>
          {name !== type.name && (
            <Text size="xs" c="dimmed" truncate>
              {type.name}
            </Text>
          )}
        </div>
      </Group>
    ),
  },
  {
    id: 'source',
    title: 'Source',
    sort: ({ source }) => source.name,
    cell: ({ source }) => <TextLink to={`/${workspace}/sources/${source.id}/overview`}>{source.name}</TextLink>,
  },
  {
    id: 'state',
    title: 'State',
    sort: ({ state }) => STATE_ORDER.indexOf(state),
    cell: ({ state, paused }) => (
      <Group gap={4} wrap="nowrap">
        <StatusBadge state={state} of="destination" />
        {paused && <Chip tone="warn">Paused</Chip>}
      </Group>
    ),
  },
  {
    id: 'delivered',
    title: 'Delivered 24 h',
    align: 'right',
    sort: ({ stats }) => stats?.delivered ?? 0,
    cell: ({ stats }) => <Traffic stats={stats} />,
  },
  {
    id: 'failed',
    title: 'Failed',
    align: 'right',
    sort: ({ stats }) => stats?.failedShare ?? 0,
    cell: ({ stats }) =>
      stats === undefined || stats.delivered + stats.failed === 0 ? (
        <Text span c="dimmed" size="sm">
          –
        </Text>
      ) : (
        <Share
          value={stats.failedShare}
          size="sm"
          c={stats.failedShare >= FAILED_SHARE_SHOWN ? 'var(--mantine-color-error)' : 'dimmed'}
        />
      ),
  },
  { id: 'mode', title: 'Mode', sort: ({ type }) => type.mode, cell: ({ type }) => type.mode },
  {
    id: 'category',
    title: 'Category',
    sort: ({ type }) => type.category,
    cell: ({ type }) => (
      <Text size="sm" c="dimmed">
        {type.categories.join(', ') || '–'}
      </Text>
    ),
    isHidden: true,
  },
  {
    id: 'environment',
    title: 'Environment',
    sort: ({ environment }) => environment,
    cell: ({ environment }) => environment,
    isHidden: true,
  },
];

/** What went through in a day: a line of deliveries, or of failures where nothing else happened. */
function Traffic({ stats }: { stats: Stats | undefined }) {
  if (stats === undefined) {
    return (
      <Text span c="dimmed">
        …
      </Text>
    );
  }
  const onlyFailed = stats.delivered === 0 && stats.failedShare > 0;
  const isQuiet = stats.delivered === 0 && !onlyFailed;
  return (
    <Group gap={10} wrap="nowrap" justify="flex-end" className={classes.traffic}>
      {!isQuiet && (
        <Spark
          values={onlyFailed ? stats.failedSeries.values : stats.series.values}
          label={
            onlyFailed
              ? `${exact(stats.failed)} failed in 24 hours, none delivered`
              : `${exact(stats.delivered)} delivered in 24 hours`
          }
          tone={onlyFailed ? 'bad' : stats.failedShare >= FAILED_SHARE_SHOWN ? 'warn' : 'good'}
          width={72}
        />
      )}
      <Count value={stats.delivered} size="sm" {...(isQuiet && { c: 'dimmed' })} />
    </Group>
  );
}

const rowMenu = (row: DestinationRow): ReactNode => <RowMenu row={row} />;
