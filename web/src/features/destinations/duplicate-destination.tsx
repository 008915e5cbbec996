import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { fieldErrors, forget, useAll, useApi, useWorkspaceSlug } from '../../api/calls.ts';
import { useWork } from '../../api/use-work.ts';
import { counted } from '../../ui/format.ts';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { kindOfSource } from '../add-destination/compatible.ts';
import { useCatalog, useTypesById } from '../catalog/catalog.ts';
import { type Copied, copyDestination } from './copy-destination.ts';
import { STALE_WITH_DESTINATION } from './use-destination.ts';

export type Original = { id: string; name: string; type: string; sourceId: string };

/** Makes a destination like another, for the same source or another one. */
export function DuplicateDestination({ from, onClose }: { from: Original; onClose: () => void }) {
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const api = useApi();
  const queries = useQueryClient();
  const sources = useAll('listSources', 'sources');
  const catalog = useCatalog();
  const type = useTypesById(catalog.data).get(from.type);
  const fitting = (sources.data ?? []).filter(
    ({ metadata }) => type?.sourceKinds.includes(kindOfSource(catalog.data, metadata.slug)) === true,
  );
  const [sourceId, setSourceId] = useState<string | null>(null);
  const [name, setName] = useState(`${from.name} copy`);
  const copy = useWork<Copied>({
    mutationFn: async () =>
      await copyDestination(api, {
        fromId: from.id,
        sourceId: sourceId ?? '',
        metadataId: type?.id ?? '',
        name: name.trim(),
      }),
    onSettled: () => void forget(queries, workspace, [...STALE_WITH_DESTINATION]),
    onSuccess: ({ id, mappings, filters, incomplete }) => {
      const rest = incomplete.length === 0 ? '' : `. Enter secrets again in: ${incomplete.join(', ')}`;
      toast(
        `${name.trim()} is made, disabled, with ${counted(mappings, 'mapping')} and ${counted(filters, 'filter')}${rest}`,
      );
      onClose();
      void navigate({ to: `/${workspace}/destinations/${id}/settings` });
    },
  });
  const errors = fieldErrors(copy.error);
  return (
    <Modal opened onClose={onClose} title={`Duplicate ${from.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (sourceId !== null && name.trim() !== '') copy.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            Settings with their secrets, mappings and filters are copied. The copy is disabled until you enable it.
          </Text>
          <Select
            label="Source"
            description={`Sources that ${type?.name ?? 'it'} takes events of`}
            placeholder="Choose a source"
            data-autofocus
            searchable
            data={fitting.map((source) => ({
              value: source.id,
              label:
                source.id === from.sourceId ? `${source.name ?? source.slug} (its own)` : (source.name ?? source.slug),
            }))}
            value={sourceId}
            onChange={setSourceId}
            error={errors['sourceId']}
            withAsterisk
          />
          <TextInput
            label="Name"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={errors['name']}
            withAsterisk
          />
          {Object.keys(errors).length === 0 && <ErrorLine error={copy.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={copy.isPending} disabled={sourceId === null || name.trim() === ''}>
              Duplicate
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
