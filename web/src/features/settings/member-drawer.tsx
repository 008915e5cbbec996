import { Button, Divider, Group, Stack, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type DataOf, useCall, useChange } from '../../api/calls.ts';
import { useMe, useWorkspace } from '../../api/me.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Section } from '../../ui/page.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { Abilities, RoleList } from './access-list.tsx';
import { draftsOf, permissionsOf, whatIsMissing } from './permissions.ts';
import { PermissionsEditor } from './permissions-editor.tsx';
import { SideDrawer } from './side-drawer.tsx';

type Member = DataOf<'listMembers'>['members'][number];
const STALE = ['listMembers', 'listAccessRequests', 'listAppGroups', 'listAuditEvents', 'listAppAuditEvents'] as const;

/** A member: roles, groups, personal data, what all of it adds up to, and the way out. */
export function MemberDrawer({ member, mayEdit, onClose }: { member: Member; mayEdit: boolean; onClose: () => void }) {
  const { id, name, email, permissions, groups, piiAccess, isOwner } = member;
  const workspace = useWorkspace();
  const me = useMe();
  const queries = useQueryClient();
  const allGroups = useCall('listAppGroups');
  const [drafts, setDrafts] = useState(() => draftsOf(permissions));
  const [isLeaving, leaving] = useDisclosure(false);
  const workspaceId = workspace?.id ?? '';
  const next = permissionsOf(drafts, workspaceId);
  const isChanged = JSON.stringify(next) !== JSON.stringify(permissionsOf(draftsOf(permissions), workspaceId));
  const missing = whatIsMissing(drafts);
  const shown = name === '' ? email : name;
  const isMe = id === me.data?.user.id;
  const refreshMe = (): void => {
    if (isMe) void queries.invalidateQueries({ queryKey: ['', 'getMe'] });
  };
  const save = useChange('replacePermissionsForUser', {
    stale: STALE,
    onDone: () => {
      refreshMe();
      toast(`${shown} has these roles from the next request on`);
    },
  });
  const pii = useChange('updateMember', {
    stale: STALE,
    onDone: refreshMe,
    onFailed: (error) => toastError('This was not saved', error),
  });
  const remove = useChange('deleteUsers', {
    stale: STALE,
    onDone: () => {
      toast(`${shown} is no member any more`);
      refreshMe();
      onClose();
    },
  });
  const ofGroups = (allGroups.data?.groups ?? []).filter((one) => groups.some((group) => group.id === one.id));
  return (
    <SideDrawer title={shown} onClose={onClose}>
      {name !== '' && (
        <Text size="sm" c="dimmed" mb="lg">
          {email}
        </Text>
      )}
      <Section title="Roles" about="They add up with those of groups; the highest counts.">
        {mayEdit ? (
          <Stack gap="sm">
            <PermissionsEditor drafts={drafts} onChange={setDrafts} none="No roles of their own." />
            <ErrorLine error={save.error} />
            {isChanged && (
              <Group gap="xs">
                <Button
                  loading={save.isPending}
                  disabled={missing !== undefined}
                  onClick={() => save.mutate({ path: { userId: id }, body: { permissions: next } })}
                >
                  Save roles
                </Button>
                <Button variant="default" onClick={() => setDrafts(draftsOf(permissions))}>
                  Discard
                </Button>
                {missing !== undefined && (
                  <Text size="sm" c="dimmed">
                    {missing}
                  </Text>
                )}
              </Group>
            )}
          </Stack>
        ) : (
          <RoleList permissions={permissions} none="No roles of their own." />
        )}
      </Section>
      {ofGroups.length > 0 && (
        <Section title="Groups">
          <Stack gap={6}>
            {ofGroups.map((group) => (
              <div key={group.id}>
                <Text size="sm" fw={550}>
                  {group.name}
                </Text>
                <RoleList permissions={group.permissions} none="Gives no roles." />
              </div>
            ))}
          </Stack>
        </Section>
      )}
      {mayEdit && (
        <Section title="Personal data">
          <Switch
            label="Show personal data unmasked"
            description={
              isOwner
                ? 'Owners always see it.'
                : 'In the debugger, traces and samples. Without it values are dots. It opens nothing else.'
            }
            checked={piiAccess}
            disabled={isOwner || pii.isPending}
            onChange={({ currentTarget }) =>
              pii.mutate({ path: { userId: id }, body: { piiAccess: currentTarget.checked } })
            }
          />
        </Section>
      )}
      <Section title="What this person can do">
        <Abilities
          permissions={[...next, ...ofGroups.flatMap((group) => group.permissions)]}
          piiAccess={piiAccess || ofGroups.some((group) => group.piiAccess)}
        />
      </Section>
      {mayEdit && (
        <>
          <Divider mb="lg" />
          <Button color="red" variant="outline" onClick={leaving.open}>
            {isMe ? 'Leave this workspace' : 'Remove from the workspace'}
          </Button>
          <Confirm
            opened={isLeaving}
            onClose={leaving.close}
            title={isMe ? 'Leave this workspace' : `Remove ${shown}`}
            button={isMe ? 'Leave' : 'Remove'}
            isPending={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutate({ query: { userIds: [id] } })}
          >
            {isMe ? 'You lose' : `${shown} loses`} access with the next request, and all groups. API tokens that were
            made stay until they are revoked. Coming back takes a new invite.
          </Confirm>
        </>
      )}
    </SideDrawer>
  );
}
