import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const SHOWN_MS = 5_000;
/** Longer where something can be undone. */
const UNDO_MS = 9_000;

/** Says shortly what was done; with `undo` a button takes it back. */
export function toast(message: string, { undo, bad = false }: { undo?: () => void; bad?: boolean } = {}): void {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    color: bad ? 'red' : 'teal',
    autoClose: undo === undefined ? SHOWN_MS : UNDO_MS,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    message:
      undo === undefined ? (
        message
      ) : (
        <Group justify="space-between" wrap="nowrap">
          {message}
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            Undo
          </Button>
        </Group>
      ),
  });
}

/** Says that something was not done, and why. */
export const toastError = (what: string, error: Error): void => toast(`${what}: ${error.message}`, { bad: true });
