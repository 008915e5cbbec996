import { Button, Modal, Stack, Text } from '@mantine/core';
import { signIn } from './session.ts';

/** Shown over the page whose session has ended: what was typed stays. */
export function SessionEndedDialog({ isElsewhere, onClose }: { isElsewhere: boolean; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Your session has ended">
      <Stack gap="sm">
        <Text size="sm">
          {isElsewhere && 'All your sign-ins were ended, by you or by the owner of this deployment. '}
          Sign in again in another tab; this page then goes on with what you typed.
        </Text>
        <Button component="a" href="/" target="_blank" rel="noopener">
          Sign in in another tab
        </Button>
        <Button variant="default" onClick={() => void signIn(`${location.pathname}${location.search}`, isElsewhere)}>
          Sign in here and lose what was not saved
        </Button>
      </Stack>
    </Modal>
  );
}
