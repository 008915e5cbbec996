import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconTag, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ENVIRONMENT_KEY } from '../../../../shared/domain/environment.ts';
import { useAll, useCall, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { isProduction, useMay } from '../../api/me.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Action } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { Empty, Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { toast } from '../../ui/toast.tsx';
import { LabelAssign } from './label-assign.tsx';
import { NewLabel } from './new-label.tsx';
import { SourceNames } from './source-names.tsx';
import { type LabelPair, labelText } from './permissions.ts';

const STALE = ['listLabels', 'listEnvironments', 'listSources', 'listSourceStats'] as const;
type Label = LabelPair;

/** Environments and labels: what there is, where each is in use, which sources have it. */
export function LabelsPage() {
  const slug = useWorkspaceSlug() ?? '';
  const may = useMay('label.edit');
  const mayAssign = useMay('source.label');
  const labels = useCall('listLabels');
  const environments = useCall('listEnvironments');
  const sources = useAll('listSources', 'sources');
  const [made, setMade] = useState<'environment' | 'label'>();
  const [assigned, setAssigned] = useState<Label>();
  const [removed, setRemoved] = useState<Label>();
  const [isRemoving, removing] = useDisclosure(false);
  const remove = useChange('deleteLabel', {
    stale: STALE,
    onDone: () => {
      removing.close();
      toast('Deleted');
    },
  });
  const failed = [labels, environments].find(({ isError }) => isError);
  if (failed !== undefined) {
    return <Failed what="The labels" error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  const usersOf = (label: Label) =>
    (sources.data ?? []).filter((source) =>
      source.labels.some(({ key, value }) => key === label.key && value === label.value),
    );
  const isDefault = ({ key, value }: Label): boolean =>
    key === ENVIRONMENT_KEY && environments.data?.environments.find((one) => one.value === value)?.isDefault === true;
  const all: Label[] | undefined = labels.data?.labels;
  const table = (rows: Label[] | undefined, label: string) => (
    <DataTable<Label>
      label={label}
      rows={rows}
      keyOf={labelText}
      columns={[
        {
          id: 'label',
          title: label === 'environments' ? 'Environment' : 'Label',
          isMain: true,
          cell: (one) => (
            <Group gap={6} wrap="nowrap">
              <Text size="sm" fw={550}>
                {label === 'environments' ? one.value : labelText(one)}
              </Text>
              {isProduction([one]) && <Chip tone="warn">Production</Chip>}
            </Group>
          ),
        },
        {
          id: 'description',
          title: 'Description',
          cell: ({ description = '' }) => (
            <Text size="sm" c="dimmed" lineClamp={2}>
              {description === '' ? '—' : description}
            </Text>
          ),
        },
        {
          id: 'used',
          title: 'Sources',
          sort: (one) => usersOf(one).length,
          cell: (one) => <SourceNames slug={slug} sources={usersOf(one)} />,
        },
      ]}
      menu={(one) => (
        <Group gap={4} wrap="nowrap" justify="flex-end">
          {mayAssign && (
            <Button variant="subtle" size="compact-sm" onClick={() => setAssigned(one)}>
              Assign
            </Button>
          )}
          {may && !isDefault(one) && (
            <Tooltip label={`Delete ${labelText(one)}`}>
              <ActionIcon
                aria-label={`Delete ${labelText(one)}`}
                onClick={() => {
                  remove.reset();
                  setRemoved(one);
                  removing.open();
                }}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      )}
    />
  );
  const others = all?.filter(({ key }) => key !== ENVIRONMENT_KEY);
  const add = (what: 'environment' | 'label') => (
    <Action
      right="label.edit"
      variant={what === 'label' && others?.length === 0 ? 'filled' : 'default'}
      leftSection={<IconPlus size={15} aria-hidden="true" />}
      onClick={() => setMade(what)}
    >
      {what === 'label' ? 'Add label' : 'Add environment'}
    </Action>
  );
  return (
    <>
      <Section
        title="Environments"
        about="Where sources run. In production, buttons that change something say so. Every workspace has dev and prod, and may have five more."
        actions={add('environment')}
      >
        {table(
          all?.filter(({ key }) => key === ENVIRONMENT_KEY),
          'environments',
        )}
      </Section>
      <Section
        title="Other labels"
        about="Group sources, and limit roles to them. A source has one value of each key."
        actions={others?.length === 0 ? undefined : add('label')}
      >
        {others?.length === 0 ? (
          <Empty
            title="No labels of your own yet"
            icon={<IconTag size={26} aria-hidden="true" />}
            action={add('label')}
          >
            Such as team:checkout or country:nl. Lists are grouped by them, and a role can hold for sources with a label
            alone.
          </Empty>
        ) : (
          table(others, 'labels')
        )}
      </Section>
      {made !== undefined && may && <NewLabel what={made} known={all ?? []} onClose={() => setMade(undefined)} />}
      {assigned !== undefined && (
        <LabelAssign label={assigned} sources={sources.data ?? []} onClose={() => setAssigned(undefined)} />
      )}
      <Confirm
        opened={isRemoving && removed !== undefined}
        onClose={removing.close}
        title={`Delete ${removed === undefined ? '' : labelText(removed)}`}
        button="Delete"
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => {
          if (removed !== undefined) remove.mutate({ path: { key: removed.key, value: removed.value } });
        }}
      >
        A label can be deleted when nothing uses it: no source, and no role of a person, group, invite or token.
      </Confirm>
    </>
  );
}
