import { Alert, Button, Group, MultiSelect, Stack, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { forget, useApi, useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { useWorkspace } from '../../api/me.ts';
import { useWork } from '../../api/use-work.ts';
import { counted } from '../../ui/format.ts';
import { addressesIn } from './addresses.ts';
import { type InviteLink, InviteLinks } from './invite-links.tsx';
import { type Draft, newDraft, permissionsOf, whatIsMissing } from './permissions.ts';
import { PermissionsEditor } from './permissions-editor.tsx';
import { SideDrawer } from './side-drawer.tsx';

/** People whom one form invites; each is a request. */
const INVITED_AT_ONCE_MAX = 50;

type Failure = { email: string; message: string };

/** Invites many addresses at once to the same roles and groups, and shows the links once. */
export function InviteDrawer({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const slug = useWorkspaceSlug();
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const groups = useCall('listAppGroups');
  const [pasted, setPasted] = useState('');
  const [drafts, setDrafts] = useState<Draft[]>(() => [newDraft('source-read-only')]);
  const [groupIds, setGroupIds] = useState<string[]>([]);
  const [failures, setFailures] = useState<Failure[]>([]);
  const { addresses, wrong } = addressesIn(pasted);
  const missing = whatIsMissing(drafts);
  const invite = useWork({
    mutationFn: async (emails: readonly string[]) => {
      const links: InviteLink[] = [];
      const failed: Failure[] = [];
      const permissions = permissionsOf(drafts, workspace?.id ?? '');
      // One after the other: each changes the same groups.
      for (const email of emails) {
        try {
          const { token } = await api.call('createAppInvite', { body: { email, permissions, groupIds } });
          links.push({ email, token });
        } catch (error) {
          failed.push({ email, message: error instanceof Error ? error.message : String(error) });
        }
      }
      return { links, failed };
    },
    onSuccess: ({ failed }) => {
      setFailures(failed);
      // What is left in the field is what can be tried again.
      setPasted(failed.map(({ email }) => email).join('\n'));
      void forget(queries, slug, ['listAppInvites', 'listAppGroups']);
    },
  });
  const links = invite.data?.links ?? [];
  const problem =
    wrong.length > 0
      ? `Not an address: ${wrong.slice(0, 3).join(', ')}`
      : addresses.length > INVITED_AT_ONCE_MAX
        ? `At most ${INVITED_AT_ONCE_MAX} at once`
        : undefined;
  return (
    <SideDrawer title="Invite people" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate(addresses);
        }}
      >
        <Stack gap="lg">
          <Textarea
            label="E-mail addresses"
            description="As many as you like: paste them from a list or a mail."
            placeholder={'ada@example.com\ngrace@example.com'}
            value={pasted}
            onChange={({ currentTarget }) => setPasted(currentTarget.value)}
            error={problem}
            autosize
            minRows={3}
            maxRows={10}
            data-autofocus
            required
          />
          <div>
            <Text size="sm" fw={550} mb={6}>
              Roles
            </Text>
            <PermissionsEditor
              drafts={drafts}
              onChange={setDrafts}
              none="They will belong to the workspace and see its name, labels and catalog, no more."
            />
          </div>
          {groups.data !== undefined && groups.data.groups.length > 0 && (
            <MultiSelect
              label="Groups"
              description="They have the groups’ roles beside their own"
              data={groups.data.groups.map(({ id, name }) => ({ value: id, label: name }))}
              value={groupIds}
              onChange={setGroupIds}
              placeholder={groupIds.length === 0 ? 'None' : ''}
            />
          )}
          {failures.length > 0 && (
            <Alert color="red" title={`${counted(failures.length, 'person', 'people')} could not be invited`}>
              {failures.map(({ email, message }) => (
                <Text key={email} size="sm">
                  {email}: {message}
                </Text>
              ))}
            </Alert>
          )}
          <Group justify="flex-end">
            {missing !== undefined && (
              <Text size="sm" c="dimmed">
                {missing}
              </Text>
            )}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={invite.isPending}
              disabled={addresses.length === 0 || problem !== undefined || missing !== undefined}
            >
              {addresses.length > 1 ? `Invite ${addresses.length} people` : 'Invite'}
            </Button>
          </Group>
        </Stack>
      </form>
      <InviteLinks
        links={links}
        onClose={() => {
          invite.reset();
          if (failures.length === 0) onClose();
        }}
      />
    </SideDrawer>
  );
}
