import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { IconDots, IconFilter, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { FILTERS_PER_DESTINATION_MAX } from '../../../../shared/domain/rule-bounds.ts';
import { useAll, useWorkspaceSlug } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import type { Column } from '../../ui/data-table/types.ts';
import { AppLink, TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { DocLink, Empty, Failed } from '../../ui/states.tsx';
import { type AppSource, useDestination, useDestinationId } from '../destinations/use-destination.ts';
import { DeleteFilter } from './delete-filter.tsx';
import { EnabledSwitch, enabledTitle, useSwitched } from './enabled-switch.tsx';
import { filterWords, inOrder, type SavedFilter } from './filter-draft.ts';
import classes from './filters.module.css';
import { useEnableFilter } from './use-filter-changes.ts';

const EXAMPLES = [
  ['only', 'Only send some events'],
  ['drop', 'Do not send some events'],
  ['drop-fields', 'Remove fields, such as e-mail addresses'],
  ['sample', 'Send a share of the users'],
] as const;

/** What a destination does not get of its source's events, in the order in which it is judged. */
export function FiltersPage() {
  const destinationId = useDestinationId();
  const workspace = useWorkspaceSlug() ?? '';
  const base = `/${workspace}/destinations/${destinationId}/filters`;
  const navigate = useNavigate();
  const found = useDestination(destinationId).data;
  const source = found?.source;
  const filters = useAll('listFiltersFromDestination', 'filters', { path: { destinationId } });
  const switched = useSwitched(filters.dataUpdatedAt);
  const enable = useEnableFilter(destinationId, switched);
  const mayEdit = useMay('destination.edit', source);
  const [deleted, setDeleted] = useState<SavedFilter>();

  if (filters.isError && filters.data === undefined) {
    return <Failed what="The filters" error={filters.error} onRetry={() => void filters.refetch()} />;
  }
  const rows = filters.data && inOrder(filters.data);
  const isFull = (rows?.length ?? 0) >= FILTERS_PER_DESTINATION_MAX;
  const isDevice = found?.destination.connectionMode === 'device';
  const columns = columnsOf({
    base,
    source,
    placeOf: (row) => (rows ?? []).indexOf(row) + 1,
    isOn: (row) => switched.of(row.id, row.enabled),
    onEnable: enable,
  });
  return (
    <Section
      title="Filters"
      about={
        <>
          {found?.destination.name ?? 'The destination'} gets an event
          {source !== undefined && (
            <>
              {' of '}
              <TextLink underline="always" to={`/${workspace}/sources/${source.id}/overview`}>
                {source.name}
              </TextLink>
            </>
          )}{' '}
          only if these let it through, before any mapping sees it. <DocLink page="filters">How filters work</DocLink>
        </>
      }
      actions={
        rows !== undefined &&
        rows.length > 0 && (
          <Group gap="xs">
            <Text size="xs" c="dimmed" className="numbers">
              {rows.length} of {FILTERS_PER_DESTINATION_MAX}
            </Text>
            <Action
              right="destination.edit"
              source={source}
              labels={[]}
              disabled={isFull}
              onClick={() => void navigate({ to: `${base}/new` })}
            >
              New filter
            </Action>
          </Group>
        )
      }
    >
      {rows?.length === 0 ? (
        <Empty
          title="Every event goes on to the mappings"
          icon={<IconFilter size={26} aria-hidden="true" />}
          action={EXAMPLES.map(([kind, words], index) =>
            index === 0 ? (
              <Action
                key={kind}
                right="destination.edit"
                source={source}
                labels={[]}
                onClick={() => void navigate({ to: `${base}/new`, search: { kind } as never })}
              >
                {words}
              </Action>
            ) : (
              <Button
                key={kind}
                variant="default"
                disabled={!mayEdit}
                onClick={() => void navigate({ to: `${base}/new`, search: { kind } as never })}
              >
                {words}
              </Button>
            ),
          )}
        >
          A filter keeps events back, or takes fields out of them, for this destination alone. While you write one you
          see what becomes of the last real events.
        </Empty>
      ) : (
        <DataTable
          label="filters"
          rows={rows}
          columns={columns}
          keyOf={({ id }) => id}
          onOpen={({ id }) => void navigate({ to: `${base}/${id}` })}
          menu={(row) => (
            <FilterMenu name={row.title} to={`${base}/${row.id}`} mayEdit={mayEdit} onDelete={() => setDeleted(row)} />
          )}
        />
      )}
      {rows !== undefined && rows.length > 1 && (
        <Text size="xs" c="dimmed" mt="sm">
          Whatever their order of creation: shares first, then events that are not sent, then fields. Conditions look at
          the event as it came.
        </Text>
      )}
      {rows !== undefined && (
        <Text size="xs" c="dimmed" mt={4}>
          Filters hold for this destination of this source. They never apply to warehouses or to the archive in S3
          {isDevice ? ', and in device mode the browser applies them itself' : ''}.
        </Text>
      )}
      {deleted !== undefined && <DeleteFilter filter={deleted} onClose={() => setDeleted(undefined)} />}
    </Section>
  );
}

type Cells = {
  base: string;
  source: AppSource | undefined;
  placeOf: (row: SavedFilter) => number;
  isOn: (row: SavedFilter) => boolean;
  onEnable: (row: SavedFilter, isOn: boolean) => void;
};

const columnsOf = ({ base, source, placeOf, isOn, onEnable }: Cells): Column<SavedFilter>[] => [
  {
    id: 'order',
    title: 'Order',
    width: 64,
    cell: (row) => (
      <Text size="sm" c="dimmed" className="numbers">
        {placeOf(row)}
      </Text>
    ),
  },
  {
    id: 'name',
    title: 'Name',
    isMain: true,
    width: '26%',
    cell: ({ id, title }) => (
      <AppLink to={`${base}/${id}`} className={classes.name}>
        {title}
      </AppLink>
    ),
  },
  { id: 'what', title: 'What it does', cell: (row) => <Text size="sm">{filterWords(row)}</Text> },
  {
    id: 'enabled',
    title: enabledTitle(source),
    width: 170,
    cell: (row) => (
      <EnabledSwitch name={row.title} isOn={isOn(row)} source={source} onChange={(next) => onEnable(row, next)} />
    ),
  },
];

function FilterMenu({
  name,
  to,
  mayEdit,
  onDelete,
}: {
  name: string;
  to: string;
  mayEdit: boolean;
  onDelete: () => void;
}) {
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={`More of ${name}`}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => void navigate({ to })}>
          {mayEdit ? 'Edit' : 'Open'}
        </Menu.Item>
        <Menu.Item
          color="var(--mantine-color-error)"
          leftSection={<IconTrash size={15} />}
          disabled={!mayEdit}
          onClick={onDelete}
        >
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
