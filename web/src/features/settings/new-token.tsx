import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { appConfig } from '../../app/config.ts';
import { fieldErrors, useChange } from '../../api/calls.ts';
import { useWorkspace } from '../../api/me.ts';
import { Snippet } from '../../ui/copy.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { curlFor } from './curl.ts';
import { newDraft, permissionsOf, whatIsMissing } from './permissions.ts';
import { PermissionsEditor } from './permissions-editor.tsx';
import { SideDrawer } from './side-drawer.tsx';

const NAME_CHARS_MAX = 128;
const DAY_MS = 86_400_000;
const LIVES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: '', label: 'Until it is revoked' },
] as const;

/** Makes a token and shows its text, this once. */
export function NewToken({ onClose }: { onClose: () => void }) {
  const workspaceId = useWorkspace()?.id ?? '';
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [drafts, setDrafts] = useState(() => [newDraft('source-admin')]);
  const create = useChange('createToken', { stale: ['listTokens'] });
  const errors = fieldErrors(create.error);
  const missing = whatIsMissing(drafts) ?? (drafts.length === 0 ? 'Give it a role' : undefined);
  if (create.data !== undefined)
    return <Made text={create.data.text} name={create.data.token.name} onClose={onClose} />;
  return (
    <SideDrawer title="Create a token" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({
            body: {
              name: name.trim(),
              permissions: permissionsOf(drafts, workspaceId),
              ...(days !== '' && { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
            },
          });
        }}
      >
        <Stack gap="lg">
          <TextInput
            label="Name"
            description="What it is for, such as the program that will use it"
            placeholder="CI"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={NAME_CHARS_MAX}
            error={errors['name']}
            data-autofocus
            required
          />
          <div>
            <Text size="sm" fw={550} mb={6}>
              Roles
            </Text>
            <PermissionsEditor drafts={drafts} onChange={setDrafts} none="A token without a role may do nothing." />
          </div>
          <Select
            label="Lives"
            data={[...LIVES]}
            value={days}
            onChange={(value) => setDays(value ?? '')}
            allowDeselect={false}
          />
          {errors['name'] === undefined && <ErrorLine error={create.error} />}
          <Group justify="flex-end">
            {missing !== undefined && (
              <Text size="sm" c="dimmed">
                {missing}
              </Text>
            )}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === '' || missing !== undefined}>
              Create token
            </Button>
          </Group>
        </Stack>
      </form>
    </SideDrawer>
  );
}

function Made({ text, name, onClose }: { text: string; name: string; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`The token ${name} is ready`}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <Alert color="yellow" title="Copy it now: it is not shown again">
          It is kept as a hash only. Put it where your program keeps its secrets.
        </Alert>
        <Snippet code={text} what="token" />
        <div>
          <Text size="sm" c="dimmed" mb={4}>
            Try it:
          </Text>
          <Snippet code={curlFor(appConfig().apiUrl, text)} what="request" />
        </div>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
