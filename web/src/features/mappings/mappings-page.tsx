import { Button, Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { IconArrowsShuffle } from '@tabler/icons-react';
import { useState } from 'react';
import { MAPPINGS_PER_DESTINATION_MAX } from '../../../../shared/domain/rule-bounds.ts';
import { useAll, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import type { Column } from '../../ui/data-table/types.ts';
import { counted } from '../../ui/format.ts';
import { AppLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { DocLink, Empty, Failed } from '../../ui/states.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { triggerWords } from '../delivery/condition-words.ts';
import { type AppSource, useDestination, useDestinationId } from '../destinations/use-destination.ts';
import { EnabledSwitch, enabledTitle, useSwitched } from '../filters/enabled-switch.tsx';
import { DeleteMapping } from './delete-mapping.tsx';
import { FailedCell, SentCell } from './mapping-counts.tsx';
import type { SavedMapping } from './mapping-draft.ts';
import { MappingMenu } from './mapping-menu.tsx';
import classes from './mappings.module.css';
import { NewMappingMenu } from './new-mapping-menu.tsx';
import { STALE_WITH_MAPPING, useEnableMapping } from './use-mapping-changes.ts';

/** Rows from which on one may search. */
const SEARCHED_MIN = 8;

/** What a destination makes of events: which mapping takes which, and what it did today. */
export function MappingsPage() {
  const destinationId = useDestinationId();
  const workspace = useWorkspaceSlug() ?? '';
  const base = `/${workspace}/destinations/${destinationId}/mappings`;
  const navigate = useNavigate();
  const found = useDestination(destinationId).data;
  const { type, source } = found ?? {};
  const mappings = useAll('listSubscriptionsFromDestination', 'subscriptions', { path: { destinationId } });
  const switched = useSwitched(mappings.dataUpdatedAt);
  const enable = useEnableMapping(destinationId, switched);
  const mayEdit = useMay('destination.edit', source);
  const [deleted, setDeleted] = useState<SavedMapping>();
  const addPresets = useChange('createMappingsFromPresets', {
    stale: STALE_WITH_MAPPING,
    onDone: ({ subscriptions }) =>
      toast(`${counted(subscriptions.length, 'mapping')} added, disabled: look through them, then enable`),
    onFailed: (error) => toastError('The presets were not added', error),
  });
  const duplicate = useChange('duplicateSubscription', {
    stale: STALE_WITH_MAPPING,
    onDone: ({ subscription }) => toast(`“${subscription.name}” is added, disabled`),
    onFailed: (error) => toastError('The mapping was not duplicated', error),
  });

  if (mappings.isError && mappings.data === undefined) {
    return <Failed what="The mappings" error={mappings.error} onRetry={() => void mappings.refetch()} />;
  }
  const rows = mappings.data;
  const isFull = (rows?.length ?? 0) >= MAPPINGS_PER_DESTINATION_MAX;
  const toolName = type?.name ?? 'The tool';
  const onAction = (key: string): void => void navigate({ to: `${base}/new`, search: { action: key } as never });
  const titleOf = ({ actionSlug }: SavedMapping): string =>
    type?.actions.find(({ key }) => key === actionSlug)?.title ?? actionSlug;
  const columns = columnsOf({
    base,
    source,
    titleOf,
    destinationId,
    isOn: (row) => switched.of(row.id, row.enabled),
    onEnable: enable,
  });
  return (
    <Section
      title="Mappings"
      about={
        <>
          Each enabled mapping that an event triggers makes one request to {toolName}.{' '}
          <DocLink page="destinations">How mappings work</DocLink>
        </>
      }
      actions={
        rows !== undefined &&
        rows.length > 0 &&
        type !== undefined && (
          <Group gap="xs">
            <Text size="xs" c="dimmed" className="numbers">
              {rows.length} of {MAPPINGS_PER_DESTINATION_MAX}
            </Text>
            <NewMappingMenu
              type={type}
              source={source}
              taken={new Set(rows.map(({ name }) => name))}
              isFull={isFull}
              onAction={onAction}
              onPreset={(names) => addPresets.mutate({ path: { destinationId }, body: { names: [...names] } })}
            />
          </Group>
        )
      }
    >
      {rows?.length === 0 ? (
        <Empty
          title={`Nothing is sent to ${toolName} yet`}
          icon={<IconArrowsShuffle size={26} aria-hidden="true" />}
          action={
            <>
              {(type?.presets.length ?? 0) > 0 && (
                <Action
                  right="destination.edit"
                  source={source}
                  labels={[]}
                  loading={addPresets.isPending}
                  onClick={() => addPresets.mutate({ path: { destinationId }, body: {} })}
                >
                  {`Add ${counted(type?.presets.length ?? 0, 'preset')}`}
                </Action>
              )}
              {type?.actions.slice(0, 3).map(({ key, title }) => (
                <Button key={key} variant="default" disabled={!mayEdit} onClick={() => onAction(key)}>
                  {title}
                </Button>
              ))}
            </>
          }
        >
          A mapping says which events {toolName} gets, and what becomes of their fields.
          {(type?.presets.length ?? 0) > 0 &&
            ` The presets are ready-made: ${type?.presets.map(({ name }) => name).join(', ')}. They are added disabled.`}
        </Empty>
      ) : (
        <DataTable
          label="mappings"
          rows={rows}
          columns={columns}
          keyOf={({ id }) => id}
          onOpen={({ id }) => void navigate({ to: `${base}/${id}` })}
          {...((rows?.length ?? 0) >= SEARCHED_MIN && {
            searchText: (row: SavedMapping) => `${row.name} ${triggerWords(row.trigger)} ${titleOf(row)}`,
          })}
          menu={(row) => (
            <MappingMenu
              name={row.name}
              to={`${base}/${row.id}`}
              tester={`/${workspace}/destinations/${destinationId}/tester`}
              id={row.id}
              mayEdit={mayEdit}
              isFull={isFull}
              onDuplicate={() => duplicate.mutate({ path: { destinationId, id: row.id } })}
              onDelete={() => setDeleted(row)}
            />
          )}
        />
      )}
      {deleted !== undefined && (
        <DeleteMapping mapping={deleted} toolName={toolName} onClose={() => setDeleted(undefined)} />
      )}
    </Section>
  );
}

type Cells = {
  base: string;
  source: AppSource | undefined;
  destinationId: string;
  titleOf: (row: SavedMapping) => string;
  isOn: (row: SavedMapping) => boolean;
  onEnable: (row: SavedMapping, isOn: boolean) => void;
};

const columnsOf = ({ base, source, destinationId, titleOf, isOn, onEnable }: Cells): Column<SavedMapping>[] => [
  {
    id: 'name',
    title: 'Name',
    isMain: true,
    sort: ({ name }) => name.toLowerCase(),
    cell: ({ id, name }) => (
      <AppLink to={`${base}/${id}`} className={classes.name}>
        {name}
      </AppLink>
    ),
  },
  {
    id: 'trigger',
    title: 'Trigger',
    width: '30%',
    cell: ({ trigger }) => (
      <Text size="sm" title={trigger} style={{ overflowWrap: 'anywhere' }}>
        {triggerWords(trigger)}
      </Text>
    ),
  },
  { id: 'action', title: 'Action', sort: titleOf, cell: (row) => <Text size="sm">{titleOf(row)}</Text> },
  {
    id: 'sent',
    title: 'Sent, 24 h',
    align: 'right',
    width: 96,
    cell: ({ id }) => <SentCell {...{ destinationId, id }} />,
  },
  {
    id: 'failed',
    title: 'Failed',
    align: 'right',
    width: 84,
    cell: ({ id }) => <FailedCell {...{ destinationId, id }} />,
  },
  {
    id: 'enabled',
    title: enabledTitle(source),
    width: 120,
    sort: ({ enabled }) => Number(!enabled),
    cell: (row) => (
      <EnabledSwitch name={row.name} isOn={isOn(row)} source={source} onChange={(next) => onEnable(row, next)} />
    ),
  },
];
