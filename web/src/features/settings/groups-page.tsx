import { Text } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useCall } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Action, Can } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import { Empty, Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { RoleList } from './access-list.tsx';
import { GroupDrawer } from './group-drawer.tsx';
import { NameButton } from './name-button.tsx';
import { NewGroup } from './new-group.tsx';

/** Groups: people who have the same roles. */
export function GroupsPage() {
  return (
    <Can right="member.read" what="the groups of this workspace">
      <Groups />
    </Can>
  );
}

function Groups() {
  const groups = useCall('listAppGroups');
  const may = useMay('member.edit');
  const [opened, open] = useParam('group', text);
  const isNew = opened === 'new';
  if (groups.isError) {
    return <Failed what="The groups" error={groups.error} onRetry={() => void groups.refetch()} />;
  }
  const rows = groups.data?.groups;
  const group = rows?.find(({ id }) => id === opened);
  const create = (
    <Action right="member.edit" onClick={() => open('new')}>
      Create group
    </Action>
  );
  return (
    <>
      {rows !== undefined && rows.length === 0 ? (
        <Empty title="No groups yet" icon={<IconUsersGroup size={26} aria-hidden="true" />} action={create}>
          A group gives its roles to all of its people: whoever joins a team has what the team has, and loses it on
          leaving.
        </Empty>
      ) : (
        <Section title="Groups" about="A person has their own roles and those of their groups." actions={create}>
          <DataTable
            label="groups"
            rows={rows}
            keyOf={({ id }) => id}
            onOpen={({ id }) => open(id)}
            searchText={({ name, emails, permissions }) =>
              [name, ...emails, ...permissions.map(({ roleName }) => roleName)].join(' ')
            }
            sortedBy="name"
            columns={[
              {
                id: 'name',
                title: 'Group',
                isMain: true,
                sort: ({ name }) => name.toLowerCase(),
                cell: ({ id, name }) => <NameButton onClick={() => open(id)}>{name}</NameButton>,
              },
              {
                id: 'people',
                title: 'People',
                align: 'right',
                width: 90,
                sort: ({ emails }) => emails.length,
                cell: ({ emails }) => emails.length,
              },
              {
                id: 'roles',
                title: 'Roles',
                cell: ({ permissions }) => <RoleList permissions={permissions} none="None yet" />,
              },
              {
                id: 'pii',
                title: 'Personal data',
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
      )}
      {isNew && may && <NewGroup onClose={() => open(undefined)} onMade={(id) => open(id)} />}
      {group !== undefined && (
        <GroupDrawer key={group.id} group={group} mayEdit={may} onClose={() => open(undefined)} />
      )}
    </>
  );
}
