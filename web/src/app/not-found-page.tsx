import { Button, Center, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** No page has this address. */
export function NotFoundPage() {
  return (
    <Center mih="70vh" px="md">
      <Stack gap="sm" maw={480}>
        <Title order={1}>No page has this address</Title>
        <Text size="sm" c="dimmed">
          The link may be old, or a letter of it is missing. Search for what you want with Ctrl K (⌘ K) on any page.
        </Text>
        <Group>
          <Button component={Link} to="/">
            Go to your workspaces
          </Button>
        </Group>
      </Stack>
    </Center>
  );
}
