import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldErrors, useChange } from '../../api/calls.ts';
import { ErrorLine } from '../../ui/states.tsx';

const NAME_CHARS_MAX = 128;

/** Makes a group by its name; people and roles come in its drawer, which opens next. */
export function NewGroup({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const [name, setName] = useState('');
  const create = useChange('createUserGroup', {
    stale: ['listAppGroups'],
    onDone: ({ userGroup }) => onMade(userGroup.id),
  });
  const nameError = fieldErrors(create.error)['name'];
  return (
    <Modal opened onClose={onClose} title="Create a group" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ body: { name: name.trim() } });
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            placeholder="Marketing"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={NAME_CHARS_MAX}
            error={nameError}
            data-autofocus
            required
          />
          {nameError === undefined && <ErrorLine error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
              Create group
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
