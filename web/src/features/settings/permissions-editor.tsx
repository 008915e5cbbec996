import { ActionIcon, Button, Group, MultiSelect, Paper, Select, Stack, Text, Tooltip } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useAll, useCall } from '../../api/calls.ts';
import { canBeLimited, type Draft, labelText, newDraft, OFFERED_ROLES } from './permissions.ts';

const WHERE = [
  { value: 'workspace', label: 'in the whole workspace' },
  { value: 'labels', label: 'for sources with labels' },
  { value: 'sources', label: 'for chosen sources' },
] as const;
const FIRST_ROLE = 'source-read-only';

type EditorProps = {
  drafts: readonly Draft[];
  onChange: (drafts: Draft[]) => void;
  /** Says in place of rows that there are none. */
  none: string;
};

/** Roles and where each holds. Several add up; labels of one row must all be on a source (M10). */
export function PermissionsEditor({ drafts, onChange, none }: EditorProps) {
  const change = (key: string, part: Partial<Draft>): void =>
    onChange(drafts.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <Stack gap="xs">
      {drafts.length === 0 && (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      )}
      {drafts.map((draft, index) => (
        <Row
          key={draft.key}
          draft={draft}
          number={index + 1}
          onChange={(part) => change(draft.key, part)}
          onRemove={() => onChange(drafts.filter(({ key }) => key !== draft.key))}
        />
      ))}
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        onClick={() => onChange([...drafts, newDraft(FIRST_ROLE)])}
      >
        Add role
      </Button>
    </Stack>
  );
}

type RowProps = { draft: Draft; number: number; onChange: (part: Partial<Draft>) => void; onRemove: () => void };

function Row({ draft: { roleId, where, labels, sourceIds }, number, onChange, onRemove }: RowProps) {
  const known = OFFERED_ROLES.find(({ id }) => id === roleId);
  const roles = OFFERED_ROLES.map(({ id, name }) => ({ value: id, label: name }));
  const isLimitable = canBeLimited(roleId);
  return (
    <Paper withBorder p="sm" radius="md">
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Stack gap={8} style={{ flex: 1, minWidth: 0 }}>
          <Group gap="xs" grow preventGrowOverflow={false}>
            <Select
              aria-label={`Role ${number}`}
              data={known === undefined ? [...roles, { value: roleId, label: roleId }] : roles}
              value={roleId}
              allowDeselect={false}
              searchable
              onChange={(value) => {
                if (value === null) return;
                onChange({ roleId: value, ...(!canBeLimited(value) && { where: 'workspace' }) });
              }}
              miw={170}
            />
            {where === 'kept' ? (
              <Text size="sm" c="dimmed">
                where it holds already
              </Text>
            ) : (
              <Select
                aria-label={`Where role ${number} holds`}
                data={isLimitable ? [...WHERE] : WHERE.slice(0, 1)}
                value={where}
                disabled={!isLimitable}
                allowDeselect={false}
                onChange={(value) => value !== null && onChange({ where: value })}
                miw={170}
              />
            )}
          </Group>
          {where === 'labels' && (
            <LabelPicker
              label={`Labels for role ${number}`}
              value={labels}
              onChange={(next) => onChange({ labels: next })}
            />
          )}
          {where === 'sources' && (
            <SourcePicker
              label={`Sources for role ${number}`}
              value={sourceIds}
              onChange={(next) => onChange({ sourceIds: next })}
            />
          )}
          {known !== undefined && (
            <Text size="xs" c="dimmed">
              {known.description}
            </Text>
          )}
        </Stack>
        <Tooltip label="Remove this role">
          <ActionIcon aria-label={`Remove role ${number}`} onClick={onRemove} mt={4}>
            <IconTrash size={15} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Paper>
  );
}

type PickerProps = { label: string; value: string[]; onChange: (value: string[]) => void };

function LabelPicker({ label, value, onChange }: PickerProps) {
  const labels = useCall('listLabels', undefined, { freshMs: 30_000 });
  return (
    <MultiSelect
      aria-label={label}
      placeholder={value.length === 0 ? 'Labels that a source must have, all of them' : ''}
      data={[...new Set([...(labels.data?.labels ?? []).map(labelText), ...value])]}
      value={value}
      onChange={onChange}
      searchable
      nothingFoundMessage="No such label"
      hidePickedOptions
    />
  );
}

function SourcePicker({ label, value, onChange }: PickerProps) {
  const sources = useAll('listSources', 'sources');
  const data = (sources.data ?? []).map(({ id, name, slug }) => ({ value: id, label: name ?? slug }));
  const unknown = value.filter((id) => !data.some((one) => one.value === id));
  return (
    <MultiSelect
      aria-label={label}
      placeholder={value.length === 0 ? 'Sources' : ''}
      data={[...data, ...unknown.map((id) => ({ value: id, label: id }))]}
      value={value}
      onChange={onChange}
      searchable
      nothingFoundMessage="No such source"
      hidePickedOptions
    />
  );
}
