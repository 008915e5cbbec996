import { Button, Group, Paper, SegmentedControl, SimpleGrid, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useState } from 'react';
import { REFRESH_TOKEN_DAYS } from '../../../../shared/config/sign-in.ts';
import { useChange } from '../../api/calls.ts';
import { signOut } from '../../app/session.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useMe } from '../../api/me.ts';
import { CopyIcon } from '../../ui/copy.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Section } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';
import { Chip } from '../../ui/status.tsx';
import { localTime } from '../../ui/format.ts';
import { chooseCompact, isCompact } from '../../ui/density.ts';
import { chooseUtc, deviceZone, showsUtc } from '../../ui/time-zone.ts';
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
  const [compact, setCompact] = useState(isCompact);
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
              <Text size="sm" fw={550} mb={6}>
                Rows of tables
              </Text>
              <SegmentedControl
                aria-label="Rows of tables"
                data={[
                  { value: 'apart', label: 'Roomy' },
                  { value: 'compact', label: 'Compact' },
                ]}
                value={compact ? 'compact' : 'apart'}
                onChange={(value) => {
                  chooseCompact(value === 'compact');
                  setCompact(value === 'compact');
                }}
                transitionDuration={0}
              />
            </div>
            <div>
              <Text size="sm" fw={550} mb={6}>
                Time zone
              </Text>
              <SegmentedControl
                aria-label="Time zone"
                data={[
                  { value: 'device', label: `As the device: ${deviceZone()}` },
                  { value: 'utc', label: 'UTC' },
                ]}
                value={showsUtc ? 'utc' : 'device'}
                onChange={(value) => {
                  if (!chooseUtc(value === 'utc')) toast('This browser keeps nothing, so times stay as they are');
                }}
                transitionDuration={0}
              />
              <Text size="sm" c="dimmed" mt={6}>
                It is {localTime(now)}. Point at a time to see it {showsUtc ? 'as the device says it' : 'in UTC'}, too.
              </Text>
            </div>
          </Stack>
        </Paper>
      </Section>
      <Sessions />
    </>
  );
}

/** The way out: of this tab, and of everything that one has forgotten or lost. */
function Sessions() {
  const [isAsking, setAsking] = useState(false);
  const end = useChange('endMySessions', { stale: [], onDone: () => void signOut() });
  return (
    <Section title="Sessions" about={`This tab stays signed in for ${REFRESH_TOKEN_DAYS} days, or until it is closed.`}>
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<IconLogout size={15} aria-hidden="true" />}
          onClick={() => void signOut()}
        >
          Sign out
        </Button>
        <Button variant="default" onClick={() => setAsking(true)}>
          Sign out everywhere
        </Button>
      </Group>
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title="Sign out everywhere"
        button="Sign out everywhere"
        isPending={end.isPending}
        error={end.error}
        onConfirm={() => end.mutate({})}
      >
        Every tab, browser and device in which you are signed in has to sign in anew, this one too, from the next thing
        that it asks for. Do it where a device was lost or somebody may know your password, and change the password
        then. API tokens that you made go on: revoke them in the settings of each workspace.
      </Confirm>
    </Section>
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
