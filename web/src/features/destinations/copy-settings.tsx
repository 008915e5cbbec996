import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../../api/calls.ts';
import { Action } from '../../ui/locked.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useCatalog } from '../catalog/catalog.ts';
import { useConnected } from '../catalog/use-connected.ts';
import { type AppDestination, type AppSource, STALE_WITH_DESTINATION } from './use-destination.ts';

/** Takes over the settings of another destination of the type, secrets included (B24). */
export function CopySettings({ destination, source }: { destination: AppDestination; source: AppSource | undefined }) {
  const catalog = useCatalog();
  const connected = useConnected(catalog.data);
  const [isOpen, setOpen] = useState(false);
  const [from, setFrom] = useState<string | null>(null);
  const copy = useChange('copyDestinationSettings', {
    stale: STALE_WITH_DESTINATION,
    onDone: () => {
      toast('Settings are copied');
      setOpen(false);
    },
  });
  const others = connected.destinations.filter(({ id, slug }) => slug === destination.type && id !== destination.id);
  return (
    <>
      <Action
        right="destination.edit"
        source={source}
        variant="default"
        size="xs"
        disabled={others.length === 0}
        onClick={() => setOpen(true)}
      >
        Copy settings
      </Action>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Copy settings from another destination">
        <Stack gap="md">
          <Text size="sm">
            All settings of this destination are replaced, secrets included. This cannot be taken back.
          </Text>
          <Select
            label="From"
            placeholder="Choose a destination"
            value={from}
            onChange={setFrom}
            data={others.map(({ id, name, sourceName }) => ({ value: id, label: `${name} of ${sourceName ?? ''}` }))}
          />
          <ErrorLine error={copy.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button
              disabled={from === null}
              loading={copy.isPending}
              onClick={() =>
                from !== null &&
                copy.mutate({ path: { destinationId: destination.id }, body: { fromDestinationId: from } })
              }
            >
              Copy settings
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
