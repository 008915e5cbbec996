import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Action } from '../../ui/locked.tsx';
import { toast } from '../../ui/toast.tsx';
import type { AppSource } from '../destinations/use-destination.ts';
import { EnabledSwitch, useSwitched } from '../filters/enabled-switch.tsx';
import { DeleteMapping } from './delete-mapping.tsx';
import type { Tried } from './event-pane.tsx';
import type { SavedMapping } from './mapping-draft.ts';
import { useEnableMapping } from './use-mapping-changes.ts';

/** What can be done with a saved mapping: switch it, send it a real test event, delete it. */
export function MappingHead({
  saved,
  source,
  toolName,
  event,
  isDirty,
  onGone,
}: {
  saved: SavedMapping;
  source: AppSource;
  toolName: string;
  event: Tried | undefined;
  isDirty: boolean;
  onGone: () => void;
}) {
  const { id, name, enabled, destinationId } = saved;
  const [open, setOpen] = useState<'test' | 'delete'>();
  const switched = useSwitched(0);
  const enable = useEnableMapping(destinationId, {
    ...switched,
    done: (one) => switched.failed(one),
  });
  const isOn = switched.of(id, enabled);
  const mayEdit = useMay('destination.edit', source);
  const test = useChange('testDestination', {
    stale: [],
    onDone: ({ subscriptions: [one] }) => {
      setOpen(undefined);
      const isDelivered = one?.outcome === 'DELIVERED';
      const status = one?.exchanges.at(-1)?.status;
      toast(
        isDelivered
          ? `Delivered to ${toolName}${typeof status === 'number' ? `: it answered ${status}` : ''}`
          : `Not delivered: ${one?.message ?? one?.reason ?? 'the event is filtered'}`,
        { bad: !isDelivered },
      );
    },
  });
  return (
    <Group gap="sm">
      <Group gap={8}>
        <EnabledSwitch name={name} isOn={isOn} source={source} onChange={(next) => enable(saved, next)} />
        <Text size="sm">{isOn ? 'Enabled' : 'Disabled'}</Text>
      </Group>
      <Action
        right="destination.edit"
        source={source}
        labels={[]}
        variant="default"
        size="xs"
        disabled={isDirty || event === undefined}
        onClick={() => setOpen('test')}
      >
        Send test event…
      </Action>
      <Button variant="default" size="xs" disabled={!mayEdit} onClick={() => setOpen('delete')}>
        Delete…
      </Button>
      <Confirm
        opened={open === 'test'}
        onClose={() => setOpen(undefined)}
        title="Send a test event"
        button="Send it"
        colour="indigo"
        isPending={test.isPending}
        error={test.error}
        onConfirm={() => {
          if (event === undefined) return;
          test.mutate({
            path: { destinationId },
            body: { event: { ...event.event }, subscriptionId: id, applyFilters: false, dryRun: false },
          });
        }}
      >
        {toolName} really gets <b>{event?.name}</b>, by this mapping alone, with your credentials. It counts in no
        number, and the audit trail tells of it.
      </Confirm>
      {open === 'delete' && (
        <DeleteMapping mapping={saved} toolName={toolName} onClose={() => setOpen(undefined)} onDone={onGone} />
      )}
    </Group>
  );
}
