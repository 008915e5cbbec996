import { ActionIcon, Group, Menu, Text } from '@mantine/core';
import { IconDots, IconMailOff, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { type DataOf, useCall, useChange } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Section } from '../../ui/page.tsx';
import { Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { RoleList } from './access-list.tsx';
import { type InviteLink, InviteLinks } from './invite-links.tsx';

type Invite = DataOf<'listAppInvites'>['invites'][number];
const STALE = ['listAppInvites', 'listAppGroups'] as const;

/** Who is invited and has not come yet. A link is not kept, so a lost one is made anew. */
export function Invites() {
  const invites = useCall('listAppInvites');
  const may = useMay('member.edit');
  const [withdrawn, setWithdrawn] = useState<string>();
  const [links, setLinks] = useState<readonly InviteLink[]>([]);
  const again = useChange('createAppInvite', {
    stale: STALE,
    onDone: ({ invite, token }) => setLinks([{ email: invite.email, token }]),
    onFailed: (error) => toastError('No new link was made', error),
  });
  const withdraw = useChange('deleteInvites', {
    stale: STALE,
    onDone: () => {
      setWithdrawn(undefined);
      toast('The invite is withdrawn; its link is void');
    },
  });
  if (invites.isError) {
    return <Failed what="The invites" error={invites.error} onRetry={() => void invites.refetch()} />;
  }
  const rows = invites.data?.invites;
  if (rows === undefined || rows.length === 0) return null;
  return (
    <Section title="Invited" about="An invite holds for 7 days and is used once.">
      <DataTable
        label="invites"
        rows={rows}
        keyOf={({ email }) => email}
        columns={[
          {
            id: 'email',
            title: 'Address',
            isMain: true,
            cell: ({ email }) => (
              <Text size="sm" fw={550} truncate>
                {email}
              </Text>
            ),
          },
          {
            id: 'roles',
            title: 'Will have',
            cell: ({ permissions, groups }) => (
              <>
                <RoleList permissions={permissions} none={groups.length === 0 ? 'No roles' : 'Roles of groups'} />
                {groups.length > 0 && (
                  <Text size="xs" c="dimmed">
                    in {groups.map(({ name }) => name).join(', ')}
                  </Text>
                )}
              </>
            ),
          },
          { id: 'by', title: 'Invited by', cell: ({ invitedBy }) => <Text size="sm">{invitedBy}</Text> },
          {
            id: 'ends',
            title: 'Ends',
            cell: ({ expired, expiresAt }) => (expired ? <Chip tone="warn">Over</Chip> : <Ago at={expiresAt} />),
          },
        ]}
        {...(may && {
          menu: (invite: Invite) => (
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon aria-label={`Actions for ${invite.email}`} loading={again.isPending}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<IconRefresh size={15} aria-hidden="true" />}
                  onClick={() =>
                    again.mutate({
                      body: {
                        email: invite.email,
                        permissions: invite.permissions.map(({ roleId, resources }) => ({ roleId, resources })),
                        groupIds: invite.groups.map(({ id }) => id),
                      },
                    })
                  }
                >
                  Make a new link
                </Menu.Item>
                <Menu.Item
                  color="red"
                  leftSection={<IconMailOff size={15} aria-hidden="true" />}
                  onClick={() => setWithdrawn(invite.email)}
                >
                  Withdraw
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          ),
        })}
      />
      <Group>
        <InviteLinks links={links} onClose={() => setLinks([])} />
      </Group>
      <Confirm
        opened={withdrawn !== undefined}
        onClose={() => setWithdrawn(undefined)}
        title={`Withdraw the invite of ${withdrawn ?? ''}`}
        button="Withdraw"
        isPending={withdraw.isPending}
        error={withdraw.error}
        onConfirm={() => withdraw.mutate({ query: { emails: [withdrawn ?? ''] } })}
      >
        Its link stops working at once. You can invite the address again at any time.
      </Confirm>
    </Section>
  );
}
