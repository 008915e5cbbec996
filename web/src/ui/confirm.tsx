import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ErrorLine } from './states.tsx';

export type ConfirmProps = {
  opened: boolean;
  onClose: () => void;
  /** Such as "Delete Website". */
  title: string;
  /** What will stop, and whether it can be taken back. */
  children: ReactNode;
  /** What must be typed; nothing where a click is enough. */
  typed?: string;
  /** The button's words, a verb first. */
  button: string;
  /** Of the button, where nothing is lost. */
  colour?: 'red' | 'indigo';
  onConfirm: () => void;
  isPending?: boolean;
  error?: Error | null;
};

/** Asks before something goes that cannot be taken back. */
export function Confirm({
  opened,
  onClose,
  title,
  children,
  typed,
  button,
  colour = 'red',
  onConfirm,
  isPending = false,
  error = null,
}: ConfirmProps) {
  const [text, setText] = useState('');
  const isSure = typed === undefined || text.trim() === typed;
  // What was typed confirms one time: the next is asked anew.
  const close = (): void => {
    setText('');
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isSure) onConfirm();
        }}
      >
        <Stack gap="md">
          <Text size="sm" component="div">
            {children}
          </Text>
          {typed !== undefined && (
            <TextInput
              label={
                <>
                  Type <b>{typed}</b> to confirm
                </>
              }
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          )}
          <ErrorLine error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button color={colour} type="submit" disabled={!isSure} loading={isPending}>
              {button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
