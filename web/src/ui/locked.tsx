import { Button, type ButtonProps, Group, Modal, Paper, Stack, Text, Textarea, Title, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import type { Right } from '../../../shared/domain/access.ts';
import { useCall, useChange } from '../api/calls.ts';
import { isProduction, type Label, type Limited, useMay } from '../api/me.ts';
import { IconLock } from '@tabler/icons-react';
import { ErrorLine } from './states.tsx';
import { toast } from './toast.tsx';

const NOTE_CHARS_MAX = 500;

export type ActionProps = ButtonProps & {
  right: Right;
  /** The source that the change is about; without one the right is needed somewhere. */
  source?: Limited | undefined;
  /** Labels of what changes: in production the button says so. */
  labels?: readonly Label[] | undefined;
  onClick?: () => void;
  type?: 'button' | 'submit';
  form?: string;
  children: string;
};

/**
 * A button that changes something. Who may not sees it locked, and is told by a click who can grant it (M06). Where real users depend on what changes, its
 * text ends "in Production".
 */
export function Action({ right, source, labels, onClick, children, type = 'button', form, ...button }: ActionProps) {
  const may = useMay(right, source);
  const [asking, dialog] = useDisclosure(false);
  if (may) {
    return (
      <Button {...button} type={type} form={form} onClick={onClick}>
        {isProduction(labels ?? source?.labels) ? `${children} in Production` : children}
      </Button>
    );
  }
  return (
    <>
      <Tooltip label="You may not do this. See who can grant it">
        <Button
          {...button}
          variant="default"
          type="button"
          disabled={false}
          leftSection={<IconLock size={14} aria-hidden="true" />}
          onClick={dialog.open}
          data-locked="true"
        >
          {children}
        </Button>
      </Tooltip>
      <RequestAccess right={right} sourceId={source?.id} what={children} opened={asking} onClose={dialog.close} />
    </>
  );
}

/** The face of a page that the viewer may not see: what, who can grant it, and the way to ask. */
export function NotAllowed({ right, sourceId, what }: { right: Right; sourceId?: string; what: string }) {
  const [asking, dialog] = useDisclosure(false);
  return (
    <Paper withBorder p="xl" data-face="locked">
      <Stack align="center" gap="xs" ta="center" py="lg">
        <IconLock size={26} aria-hidden="true" />
        <Title order={2} size="h3">
          You may not see {what}
        </Title>
        <Text size="sm" c="dimmed">
          An owner of this workspace can give you the right.
        </Text>
        <Button mt="sm" onClick={dialog.open}>
          Request access
        </Button>
      </Stack>
      <RequestAccess right={right} sourceId={sourceId} what={what} opened={asking} onClose={dialog.close} />
    </Paper>
  );
}

/** Shows `children` to who has the right, else that they are not allowed. */
export function Can({ right, what, children }: { right: Right; what: string; children: ReactNode }) {
  return useMay(right) ? children : <NotAllowed right={right} what={what} />;
}

type RequestProps = { right: Right; sourceId?: string | undefined; what: string; opened: boolean; onClose: () => void };

function RequestAccess({ right, sourceId, what, opened, onClose }: RequestProps) {
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
