import { Button, Group, Paper, Text, TextInput } from '@mantine/core';
import { IconChevronRight, IconPlus, IconSearch } from '@tabler/icons-react';
import { Link, Navigate } from '@tanstack/react-router';
import { AccountMenu } from '../../app/account-menu.tsx';
import { useMe, type Workspace } from '../../api/me.ts';
import { Empty } from '../../ui/states.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import { Chip } from '../../ui/status.tsx';
import { Bare, Lead } from './bare.tsx';
import classes from './bare.module.css';
import { keptInvite } from './kept-invite.ts';
import { WorkspaceMark } from './workspace-mark.tsx';

/** From so many workspaces on, a search is quicker than looking. */
const SEARCH_FROM = 6;

/** A01: a member of one workspace goes straight in, of several chooses, of none is told how to get one. */
export function ChooserPage() {
  const me = useMe();
  const [query = '', setQuery] = useParam('q', text, { replace: true });
  // Who signed in from an invite's page, or as somebody else for it, goes on there.
  if (keptInvite() !== undefined) return <Navigate to="/invite" replace />;
  if (me.data === undefined) return null;
  const { workspaces, mayCreateWorkspaces, user } = me.data;
  const [first] = workspaces;
  if (first !== undefined && workspaces.length === 1) {
    return <Navigate to="/$workspace/overview" params={{ workspace: first.slug }} replace />;
  }
  const found = workspaces.filter(({ name, slug }) => `${name} ${slug}`.toLowerCase().includes(query.toLowerCase()));
  return (
    <Bare account={<AccountMenu />}>
      {first === undefined ? (
        <None email={user.email} mayCreate={mayCreateWorkspaces} />
      ) : (
        <>
          <Lead title="Choose a workspace">You are signed in as {user.email}.</Lead>
          {workspaces.length >= SEARCH_FROM && (
            <TextInput
              aria-label="Search workspaces"
              placeholder="Search workspaces"
              leftSection={<IconSearch size={15} aria-hidden="true" />}
              value={query}
              onChange={({ currentTarget }) => setQuery(currentTarget.value === '' ? undefined : currentTarget.value)}
              mb="sm"
            />
          )}
          <Paper withBorder style={{ overflow: 'hidden' }}>
            {found.map((one) => (
              <Choice key={one.id} workspace={one} />
            ))}
            {found.length === 0 && (
              <Text size="sm" c="dimmed" p="lg" ta="center" role="status">
                No workspace is called “{query}”
              </Text>
            )}
          </Paper>
          {mayCreateWorkspaces && (
            <Button
              component={Link}
              to="/new-workspace"
              variant="default"
              mt="md"
              leftSection={<IconPlus size={15} aria-hidden="true" />}
            >
              Create workspace
            </Button>
          )}
        </>
      )}
    </Bare>
  );
}

function Choice({ workspace: { slug, name, isOwner, deletion } }: { workspace: Workspace }) {
  return (
    <Link to="/$workspace/overview" params={{ workspace: slug }} className={classes.workspace}>
      <WorkspaceMark name={name} />
      <div style={{ minWidth: 0, flex: 1 }}>
        <Text size="sm" fw={600} truncate>
          {name}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {slug}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        {deletion !== undefined && <Chip tone="bad">Being deleted</Chip>}
        <Chip>{isOwner ? 'Owner' : 'Member'}</Chip>
        <IconChevronRight size={16} aria-hidden="true" />
      </Group>
    </Link>
  );
}

function None({ email, mayCreate }: { email: string; mayCreate: boolean }) {
  return (
    <Empty
      title="You belong to no workspace yet"
      action={
        mayCreate && (
          <Button component={Link} to="/new-workspace">
            Create workspace
          </Button>
        )
      }
    >
      {mayCreate
        ? 'A workspace holds sources, destinations and the people who work with them.'
        : `Ask an owner of a workspace for an invite to ${email}. Open its link in this browser, and you are in.`}
    </Empty>
  );
}
