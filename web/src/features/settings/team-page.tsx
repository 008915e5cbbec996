import { Avatar, Button, Group, Text } from '@mantine/core';
import { IconDownload, IconUserPlus } from '@tabler/icons-react';
import { useCall } from '../../api/calls.ts';
import { useMay, useMe, useWorkspace } from '../../api/me.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Action, Can } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import { Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { RoleList } from './access-list.tsx';
import { csvOf } from '../../ui/csv.ts';
import { saveFile } from '../../ui/save-file.ts';
import { InviteDrawer } from './invite-drawer.tsx';
import { Invites } from './invites.tsx';
import { MemberDrawer } from './member-drawer.tsx';
import { NameButton } from './name-button.tsx';

/** Who belongs to the workspace, what each may do, and who is invited. */
export function TeamPage() {
  return (
    <Can right="member.read" what="the people of this workspace">
      <Team />
    </Can>
  );
}

function Team() {
  const members = useCall('listMembers');
  const workspace = useWorkspace();
  const me = useMe();
  const may = useMay('member.edit');
  const [opened, open] = useParam('person', text);
  const [dialog, setDialog] = useParam('new', oneOf('invite'));
  if (members.isError) {
    return <Failed what="The people" error={members.error} onRetry={() => void members.refetch()} />;
  }
  const rows = members.data?.members;
  const person = rows?.find(({ id }) => id === opened);
  return (
    <>
      <Section
        title="Members"
        actions={
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<IconDownload size={15} aria-hidden="true" />}
              disabled={rows === undefined}
              onClick={() =>
                saveFile(
                  `${workspace?.slug ?? 'workspace'}-members.csv`,
                  csvOf([
                    ['name', 'email', 'roles', 'groups', 'sees personal data'],
                    ...(rows ?? []).map(({ name, email, permissions, groups, piiAccess }) => [
                      name,
                      email,
                      permissions.map(({ roleName }) => roleName).join('; '),
                      groups.map((group) => group.name).join('; '),
                      piiAccess ? 'yes' : 'no',
                    ]),
                  ]),
                )
              }
            >
              Download CSV
            </Button>
            <Action
              right="member.edit"
              leftSection={<IconUserPlus size={15} aria-hidden="true" />}
              onClick={() => setDialog('invite')}
            >
              Invite people
            </Action>
          </Group>
        }
      >
        <DataTable
          label="members"
          rows={rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => open(id)}
          searchText={({ name, email, permissions, groups }) =>
            [name, email, ...permissions.map(({ roleName }) => roleName), ...groups.map((group) => group.name)].join(
              ' ',
            )
          }
          sortedBy="person"
          columns={[
            {
              id: 'person',
              title: 'Person',
              isMain: true,
              sort: ({ name, email }) => (name === '' ? email : name).toLowerCase(),
              cell: ({ id, name, email }) => (
                <Group gap="sm" wrap="nowrap">
                  <Avatar size={30} radius="xl" color="indigo" variant="light" aria-hidden="true">
                    {(name === '' ? email : name).slice(0, 1).toUpperCase()}
                  </Avatar>
                  <div style={{ minWidth: 0 }}>
                    <Group gap={6} wrap="nowrap">
                      <NameButton onClick={() => open(id)}>{name === '' ? email : name}</NameButton>
                      {id === me.data?.user.id && <Chip>You</Chip>}
                    </Group>
                    {name !== '' && (
                      <Text size="xs" c="dimmed" truncate>
                        {email}
                      </Text>
                    )}
                  </div>
                </Group>
              ),
            },
            {
              id: 'roles',
              title: 'Roles',
              sort: ({ permissions }) => permissions[0]?.roleName ?? '',
              cell: ({ permissions }) => <RoleList permissions={permissions} none="None of their own" />,
            },
            {
              id: 'groups',
              title: 'Groups',
              sort: ({ groups }) => groups.length,
              cell: ({ groups }) => (
                <Text size="sm" c={groups.length === 0 ? 'dimmed' : undefined}>
                  {groups.length === 0 ? '—' : groups.map(({ name }) => name).join(', ')}
                </Text>
              ),
            },
            {
              id: 'pii',
              title: 'Personal data',
              sort: ({ piiAccess }) => (piiAccess ? 0 : 1),
              cell: ({ piiAccess }) =>
                piiAccess ? (
                  <Chip tone="info">Shown</Chip>
                ) : (
                  <Text size="sm" c="dimmed">
                    As dots
                  </Text>
                ),
            },
          ]}
        />
      </Section>
      <Invites />
      {person !== undefined && (
        <MemberDrawer key={person.id} member={person} mayEdit={may} onClose={() => open(undefined)} />
      )}
      {dialog === 'invite' && may && <InviteDrawer onClose={() => setDialog(undefined)} />}
    </>
  );
}
