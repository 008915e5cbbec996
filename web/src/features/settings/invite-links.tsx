import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { CopyField, CopyTextButton } from '../../ui/copy.tsx';

export type InviteLink = { email: string; token: string };

/** The page that takes an invite; its text stands behind the #, which browsers send to nobody. */
export const inviteUrl = (token: string): string => `${location.origin}/invite#${encodeURIComponent(token)}`;

/** Links of new invites. They are shown now and never again. */
export function InviteLinks({ links, onClose }: { links: readonly InviteLink[]; onClose: () => void }) {
  return (
    <Modal
      opened={links.length > 0}
      onClose={onClose}
      size="lg"
      title={links.length === 1 ? 'The invite is ready' : `${links.length} invites are ready`}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <Alert color="yellow" title="Copy the links now: they are not shown again">
          No mail is sent. Send each person their own link; whoever has it can make the account.
        </Alert>
        <Stack gap="sm">
          {links.map(({ email, token }) => (
            <div key={email}>
              <Text size="sm" fw={550}>
                {email}
              </Text>
              <CopyField value={inviteUrl(token)} what={`the link for ${email}`} />
            </div>
          ))}
        </Stack>
        <Group justify="space-between">
          <CopyTextButton text={links.map(({ email, token }) => `${email}\t${inviteUrl(token)}`).join('\n')}>
            {links.length === 1 ? 'Copy address and link' : 'Copy all'}
          </CopyTextButton>
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
