import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Right } from '../../../shared/domain/access.ts';
import { useCall, useChange } from '../api/calls.ts';
import { ErrorLine } from './states.tsx';
import { toast } from './toast.tsx';

const NOTE_CHARS_MAX = 500;

export type RequestProps = {
  right: Right;
  sourceId?: string | undefined;
  what: string;
  opened: boolean;
  onClose: () => void;
};

/** Who can grant a right, and the way to ask them. */
export function RequestAccess({ right, sourceId, what, opened, onClose }: RequestProps) {
  const about = { right, ...(sourceId !== undefined && { sourceId }) };
  const access = useCall('getAccess', { query: about }, { enabled: opened });
  const [note, setNote] = useState('');
  const ask = useChange('createAccessRequest', {
    stale: ['listAccessRequests'],
    onDone: () => {
      toast('The owners see your request');
      onClose();
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title="Request access">
      <Stack gap="sm">
        <Text size="sm">
          “{what}” needs the right <b>{right}</b>. These people can grant it:
        </Text>
        {access.isPending && opened ? (
          <Text size="sm" c="dimmed">
            Looking who they are…
          </Text>
        ) : (
          <Stack gap={2}>
            {access.data?.owners.map(({ name, email }) => (
              <Text key={email} size="sm" fw={550}>
                {name === email ? email : `${name} · ${email}`}
              </Text>
            ))}
          </Stack>
        )}
        <Textarea
          label="Note to them"
          description="Optional: what you need it for"
          maxLength={NOTE_CHARS_MAX}
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
          autosize
          minRows={2}
        />
        <ErrorLine error={ask.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            loading={ask.isPending}
            onClick={() => ask.mutate({ body: { ...about, ...(note.trim() !== '' && { note }) } })}
          >
            Request access
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
