import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldErrors, useChange } from '../../api/calls.ts';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import type { SchemaTab } from './schema-rows.ts';

/** Of a name that is added by hand. */
const NAME_CHARS_MAX = 199;

type DialogProps = { sourceId: string; opened: boolean; onClose: () => void };

/** Lists an event before its first one comes, so that it can be blocked or withheld (F14). */
export function NewEvent({ sourceId, opened, onClose }: DialogProps) {
  const [name, setName] = useState('');
  const add = useChange('addSourceSchemaEvent', {
    stale: ['getSourceSchema'],
    onDone: () => {
      toast(`“${name.trim()}” is listed. Block it or choose who gets it before the first one comes`);
      setName('');
      onClose();
    },
  });
  const error = fieldErrors(add.error)['name'];
  return (
    <Modal opened={opened} onClose={onClose} title="New event">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ path: { sourceId }, body: { name: name.trim() } });
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="As your code will send it: capitals count"
            placeholder="Order Completed"
            value={name}
            maxLength={NAME_CHARS_MAX}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={error}
            data-autofocus
          />
          {error === undefined && <ErrorLine error={add.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending} disabled={name.trim() === ''}>
              Add event
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const STATES = { ALLOWED: 'Allowed', BLOCKED: 'Blocked', ARCHIVED: 'Archived' } as const;
type State = keyof typeof STATES;
const isState = (value: string): value is State => Object.hasOwn(STATES, value);

/** Clears what is shown (F12): nothing that events are judged by. */
export function ClearHistory({ sourceId, type, opened, onClose }: DialogProps & { type: SchemaTab }) {
  const [state, setState] = useState<State>('BLOCKED');
  const what = type === 'TRACK' ? 'events' : 'traits';
  const clear = useChange('clearSourceSchema', {
    stale: ['getSourceSchema'],
    onDone: () => {
      toast(`${STATES[state]} ${what} are cleared`);
      onClose();
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title="Clear history">
      <Stack gap="md">
        <Text size="sm">
          These {what} leave the list until they are seen again, and their counts begin anew. What may pass and who gets
          it stays as it is. This cannot be taken back.
        </Text>
        <Radio.Group label={`Which ${what}`} value={state} onChange={(value) => isState(value) && setState(value)}>
          <Group mt="xs">
            {Object.entries(STATES).map(([value, label]) => (
              <Radio key={value} value={value} label={label} />
            ))}
          </Group>
        </Radio.Group>
        <ErrorLine error={clear.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red"
            loading={clear.isPending}
            onClick={() => clear.mutate({ path: { sourceId }, body: { type, state } })}
          >
            Clear {STATES[state].toLowerCase()} {what}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
