import { Avatar, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconLockOpen } from '@tabler/icons-react';
import { findRole } from '../../../../shared/domain/roles.ts';
import { type DataOf, useCall, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { useWorkspace } from '../../api/me.ts';
import { Can } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Empty, Failed, Waiting } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { useSourceName } from './access-list.tsx';
import { rightText, roleFor } from './right-words.ts';

type Asked = DataOf<'listAccessRequests'>['requests'][number];

/** What members ask for (M06), and the least role that gives it. A request goes when what its member may do changes, or after 30 days. */
export function AccessRequestsPage() {
  return (
    <Can right="member.edit" what="requests for access">
      <Requests />
    </Can>
  );
}

function Requests() {
  const requests = useCall('listAccessRequests');
  if (requests.isPending) return <Waiting what="requests" lines={3} height={88} />;
  if (requests.isError) {
    return <Failed what="The requests" error={requests.error} onRetry={() => void requests.refetch()} />;
  }
  const asked = requests.data.requests;
  if (asked.length === 0) {
    return (
      <Empty title="Nobody asks for access" icon={<IconLockOpen size={26} aria-hidden="true" />}>
        Whoever meets a locked button can ask for the right; it then stands here, and in the bell of every owner.
      </Empty>
    );
  }
  return (
    <Section
      title="Access requests"
      about="A request leaves this list when what its member may do changes, or after 30 days."
    >
      <Stack gap="sm">
        {asked.map((one) => (
          <Request key={`${one.user.id}/${one.right}/${one.sourceId ?? ''}`} asked={one} />
        ))}
      </Stack>
    </Section>
  );
}

function Request({ asked: { user, right, sourceId, note, askedAt } }: { asked: Asked }) {
  const slug = useWorkspaceSlug() ?? '';
  const workspaceId = useWorkspace()?.id ?? '';
  const nameOf = useSourceName();
  const name = user.name === '' ? user.email : user.name;
  const roleId = roleFor(right);
  const role = findRole(roleId)?.name ?? roleId;
  const grant = useChange('addPermissionsToUser', {
    stale: ['listAccessRequests', 'listMembers'],
    onDone: () => toast(`${name} is ${role}${sourceId === undefined ? '' : ` for ${nameOf(sourceId)}`} now`),
    onFailed: (error) => toastError('This was not granted', error),
  });
  const isLimited = sourceId !== undefined && roleId.startsWith('source-');
  const place = isLimited ? { id: sourceId, type: 'SOURCE' as const } : { id: workspaceId, type: 'WORKSPACE' as const };
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="flex-start" gap="md">
        <Group gap="sm" wrap="nowrap" align="flex-start" style={{ flex: '1 1 320px', minWidth: 0 }}>
          <Avatar size={32} radius="xl" color="indigo" variant="light" aria-hidden="true">
            {name.slice(0, 1).toUpperCase()}
          </Avatar>
          <Stack gap={2} style={{ minWidth: 0 }}>
            <Text size="sm">
              <b>{name}</b> wants to {rightText(right)}
              {sourceId !== undefined && (
                <>
                  {': '}
                  <TextLink underline="always" to={`/${slug}/sources/${sourceId}/overview`}>
                    {nameOf(sourceId)}
                  </TextLink>
                </>
              )}
            </Text>
            {note !== '' && (
              <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                “{note}”
              </Text>
            )}
            <Ago at={askedAt} size="xs" c="dimmed" />
          </Stack>
        </Group>
        <Group gap="xs">
          <TextLink to={`/${slug}/settings/team`} search={{ person: user.id }}>
            Choose roles
          </TextLink>
          <Button
            size="xs"
            loading={grant.isPending}
            onClick={() =>
              grant.mutate({ path: { userId: user.id }, body: { permissions: [{ roleId, resources: [place] }] } })
            }
          >
            {`Grant ${role}`}
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}
