import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** The address names a workspace that is not there, or that its reader does not belong to: both look alike. */
export function NoWorkspace({ slug }: { slug: string }) {
  return (
    <Center mih="70vh" px="md">
      <Stack gap="sm" maw={480}>
        <Title order={1}>You have no workspace “{slug}”</Title>
        <Text size="sm" c="dimmed">
          The address may be wrong, or you are not a member of it. Ask one of its owners for an invite.
        </Text>
        <Button component={Link} to="/" w="fit-content">
          See your workspaces
        </Button>
      </Stack>
    </Center>
  );
}
