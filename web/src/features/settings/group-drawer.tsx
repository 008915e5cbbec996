import { Button, Divider, Group, MultiSelect, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { type DataOf, useApi, useCall, useChange, useWorkspaceSlug, forget } from '../../api/calls.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useWorkspace } from '../../api/me.ts';
import { useWork } from '../../api/use-work.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { counted } from '../../ui/format.ts';
import { Section } from '../../ui/page.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { Abilities, RoleList } from './access-list.tsx';
import { draftsOf, permissionsOf, whatIsMissing } from './permissions.ts';
import { PermissionsEditor } from './permissions-editor.tsx';
import { SideDrawer } from './side-drawer.tsx';

type AppGroup = DataOf<'listAppGroups'>['groups'][number];
const STALE = ['listAppGroups', 'listMembers', 'listAppInvites', 'listAccessRequests'] as const;
const NAME_CHARS_MAX = 128;

/** A group: its name, people, roles, personal data. What was changed is saved together. */
export function GroupDrawer({ group, mayEdit, onClose }: { group: AppGroup; mayEdit: boolean; onClose: () => void }) {
  const { id } = group;
  const api = useApi();
  const slug = useWorkspaceSlug();
  const queries = useQueryClient();
  const workspaceId = useWorkspace()?.id ?? '';
  const members = useCall('listMembers');
  const invites = useCall('listAppInvites');
  const [name, setName] = useState(group.name);
  const [emails, setEmails] = useState(group.emails);
  const [drafts, setDrafts] = useState(() => draftsOf(group.permissions));
  const [isDeleting, deleting] = useDisclosure(false);
  const next = permissionsOf(drafts, workspaceId);
  const isRenamed = name.trim() !== group.name;
  const hasOtherPeople = emails.toSorted().join() !== group.emails.toSorted().join();
  const hasOtherRoles =
    JSON.stringify(next) !== JSON.stringify(permissionsOf(draftsOf(group.permissions), workspaceId));
  const isChanged = isRenamed || hasOtherPeople || hasOtherRoles;
  const missing = whatIsMissing(drafts);
  const save = useWork({
    mutationFn: async () => {
      const path = { userGroupId: id };
      if (isRenamed) await api.call('updateUserGroup', { path, body: { name: name.trim() } });
      if (hasOtherRoles) await api.call('replacePermissionsForUserGroup', { path, body: { permissions: next } });
      if (hasOtherPeople) await api.call('replaceUsersInUserGroup', { path, body: { emails } });
    },
    onSuccess: () => toast('Saved: it counts from the next request on'),
    // What went before a failure is done, too.
    onSettled: async () => await forget(queries, slug, STALE),
  });
  const pii = useChange('updateAppGroup', {
    stale: STALE,
    onFailed: (error) => toastError('This was not saved', error),
  });
  const remove = useChange('deleteUserGroup', {
    stale: STALE,
    onDone: () => {
      toast(`The group ${group.name} is deleted`);
      onClose();
    },
  });
  const people = [
    ...(members.data?.members ?? []).map(({ email, name }) => ({
      value: email,
      label: name === '' ? email : `${name} · ${email}`,
    })),
    ...(invites.data?.invites ?? []).map(({ email }) => ({ value: email, label: `${email} (invited)` })),
  ];
  const known = new Set(people.map(({ value }) => value));
  const unknown = emails.filter((email) => !known.has(email)).map((email) => ({ value: email, label: email }));
  return (
    <SideDrawer title={group.name} onClose={onClose}>
      {mayEdit ? (
        <>
          <TextInput
            label="Name"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={NAME_CHARS_MAX}
            mb="lg"
          />
          <MultiSelect
            label="People"
            description="Members, and people who are invited"
            data={dedupe([...people, ...unknown])}
            value={emails}
            onChange={setEmails}
            searchable
            hidePickedOptions
            placeholder={emails.length === 0 ? 'Add people' : ''}
            nothingFoundMessage="Nobody of that name: invite them first"
            mb="lg"
          />
          <Section title="Roles" about="Everybody in the group has them.">
            <PermissionsEditor drafts={drafts} onChange={setDrafts} none="The group gives no roles yet." />
          </Section>
          <ErrorLine error={save.error} />
          {isChanged && (
            <Group gap="xs" mb="lg">
              <Button
                loading={save.isPending}
                disabled={missing !== undefined || name.trim() === ''}
                onClick={() => save.mutate()}
              >
                Save group
              </Button>
              {missing !== undefined && (
                <Text size="sm" c="dimmed">
                  {missing}
                </Text>
              )}
            </Group>
          )}
          <Section title="Personal data">
            <Switch
              label="Show personal data unmasked"
              description="To everybody in the group: in the debugger, traces and samples."
              checked={group.piiAccess}
              disabled={pii.isPending}
              onChange={({ currentTarget }) =>
                pii.mutate({ path: { groupId: id }, body: { piiAccess: currentTarget.checked } })
              }
            />
          </Section>
        </>
      ) : (
        <>
          <Section title={counted(group.emails.length, 'person', 'people')}>
            <Stack gap={2}>
              {group.emails.map((email) => (
                <Text key={email} size="sm">
                  {email}
                </Text>
              ))}
            </Stack>
          </Section>
          <Section title="Roles">
            <RoleList permissions={group.permissions} none="The group gives no roles." />
          </Section>
        </>
      )}
      <Section title="What the group lets people do">
        <Abilities permissions={next} piiAccess={group.piiAccess} />
      </Section>
      {mayEdit && (
        <>
          <Divider mb="lg" />
          <Button color="red" variant="outline" onClick={deleting.open}>
            Delete group
          </Button>
          <Confirm
            opened={isDeleting}
            onClose={deleting.close}
            title={`Delete the group ${group.name}`}
            button="Delete group"
            isPending={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutate({ path: { userGroupId: id } })}
          >
            {counted(group.emails.length, 'person loses', 'people lose')} what only this group gives. They stay members.
          </Confirm>
        </>
      )}
    </SideDrawer>
  );
}

const dedupe = <T extends { value: string }>(entries: readonly T[]): T[] => [
  ...new Map(entries.map((entry) => [entry.value, entry])).values(),
];
