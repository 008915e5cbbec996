import { Button, Group } from '@mantine/core';

const SHOWN_MS = 5_000;
/** Longer where something can be undone. */
const UNDO_MS = 9_000;

const WANTED = 'tributary-toast';

/** Hears that something will be said; returns what ends that. */
export function onToast(listener: () => void): () => void {
  window.addEventListener(WANTED, listener);
  return () => window.removeEventListener(WANTED, listener);
}

export type ToastOptions = { undo?: () => void; bad?: boolean };

/** Says shortly what was done; with `undo` a button takes it back. What shows it is loaded with the first. */
export function toast(message: string, options: ToastOptions = {}): void {
  window.dispatchEvent(new Event(WANTED));
  void show(message, options);
}

async function show(message: string, { undo, bad = false }: ToastOptions): Promise<void> {
  const id = crypto.randomUUID();
  const { notifications } = await import('@mantine/notifications');
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
