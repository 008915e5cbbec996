import { Button, Group, Paper, SegmentedControl, SimpleGrid, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { REFRESH_TOKEN_DAYS } from '../../../../shared/config/sign-in.ts';
import { signOut } from '../../app/session.ts';
import { useMe } from '../../api/me.ts';
import { CopyIcon } from '../../ui/copy.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Section } from '../../ui/page.tsx';
import { Chip } from '../../ui/status.tsx';
import { localTime } from '../../ui/format.ts';
import { useNow } from '../../ui/time.tsx';
import classes from './bare.module.css';
import { WorkspaceMark } from './workspace-mark.tsx';

const SCHEMES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'As the system' },
] as const;

/** Who is signed in, where they belong, how the app looks to them, and the way out. */
export function AccountPage() {
  const me = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const now = useNow();
  if (me.data === undefined) return null;
  const { user, workspaces } = me.data;
  return (
    <>
      <Section title="Profile" about="From the account that you sign in with.">
        <Paper withBorder p="lg">
          <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="lg">
            <Fact label="Name">{user.name === '' ? 'Not given' : user.name}</Fact>
            <Fact label="E-mail">{user.email}</Fact>
            <Fact label="User id" copy={user.id}>
              {user.id}
            </Fact>
          </SimpleGrid>
        </Paper>
      </Section>
      <Section title="Workspaces" about="What you may do in each is said by its owners.">
        <Paper withBorder style={{ overflow: 'hidden' }}>
          {workspaces.map(({ id, slug, name, isOwner, piiAccess }) => (
            <Group key={id} className={classes.item} justify="space-between" wrap="nowrap">
              <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
                <WorkspaceMark name={name} size={30} />
                <TextLink to={`/${slug}/overview`} fw={550}>
                  {name}
                </TextLink>
              </Group>
              <Group gap={6} justify="flex-end">
                {piiAccess && <Chip tone="info">Sees personal data</Chip>}
                <Chip>{isOwner ? 'Owner' : 'Member'}</Chip>
              </Group>
            </Group>
          ))}
          {workspaces.length === 0 && (
            <Text size="sm" c="dimmed" p="lg">
              None yet.
            </Text>
          )}
        </Paper>
      </Section>
      <Section title="Appearance" about="Kept in this browser.">
        <Paper withBorder p="lg">
          <Stack gap="lg">
            <div>
              <Text size="sm" fw={550} mb={6}>
                Colours
              </Text>
              <SegmentedControl
                aria-label="Colours"
                data={SCHEMES.map(({ value, label }) => ({ value, label }))}
                value={colorScheme}
                onChange={(value) => setColorScheme(value)}
                transitionDuration={0}
              />
            </div>
            <div>
              <Text size="sm" fw={550}>
                Time zone
              </Text>
              <Text size="sm" c="dimmed">
                Times are shown in {new Intl.DateTimeFormat().resolvedOptions().timeZone}, as this device is set: it is{' '}
                {localTime(now)}. Point at a time to see it in UTC, too.
              </Text>
            </div>
          </Stack>
        </Paper>
      </Section>
      <Section
        title="Session"
        about={`This tab stays signed in for ${REFRESH_TOKEN_DAYS} days, or until it is closed.`}
      >
        <Button
          variant="default"
          leftSection={<IconLogout size={15} aria-hidden="true" />}
          onClick={() => void signOut()}
        >
          Sign out
        </Button>
      </Section>
    </>
  );
}

function Fact({ label, children, copy }: { label: string; children: string; copy?: string }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Group gap={4} wrap="nowrap">
        <Text size="sm" fw={550} truncate title={children}>
          {children}
        </Text>
        {copy !== undefined && <CopyIcon text={copy} what={label.toLowerCase()} />}
      </Group>
    </div>
  );
}
