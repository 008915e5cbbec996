import { Paper, Switch, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { callQuery, useChange } from '../../api/calls.ts';
import { useMe } from '../../api/me.ts';
import { TextLink } from '../../ui/link.tsx';
import { Section } from '../../ui/page.tsx';
import { DocLink } from '../../ui/states.tsx';
import { toastError } from '../../ui/toast.tsx';
import { openWorkspaceLast } from './last-workspace.ts';
import {
  choicesIn,
  isChosen,
  NOTIFICATION_AREAS,
  type NotificationChannel,
  type NotificationChoices,
  withChoice,
} from './notification-choices.ts';

const CHANNELS: readonly { channel: NotificationChannel; label: string }[] = [
  { channel: 'inApp', label: 'In the app' },
  { channel: 'email', label: 'E-mail' },
];

/** What one is told of, by area and channel. Each switch is saved as it is turned. */
export function NotificationsPage() {
  const me = useMe();
  const queries = useQueryClient();
  const save = useChange('updateMyPreferences', {
    stale: ['getMe'],
    onFailed: (error) => {
      toastError('This was not saved', error);
      void queries.invalidateQueries({ queryKey: ['', 'getMe'] });
    },
  });
  if (me.data === undefined) return null;
  const { preferences, user, workspaces } = me.data;
  const choices = choicesIn(preferences['notifications']);
  const slug = workspaces.find((one) => one.slug === openWorkspaceLast())?.slug ?? workspaces[0]?.slug;
  const set = (next: NotificationChoices): void => {
    // Shown at once; the answer, or what failed, puts it right.
    queries.setQueryData(callQuery(undefined, 'getMe').queryKey, (known) =>
      known === undefined ? known : { ...known, preferences: { ...known.preferences, notifications: next } },
    );
    save.mutate({ body: { preferences: { notifications: next } } });
  };
  return (
    <>
      <Section
        title="What you are told"
        about={<>In all workspaces. Mails go to {user.email}. You are never told of what you did yourself.</>}
      >
        <Paper withBorder style={{ overflow: 'hidden' }}>
          <Table verticalSpacing="sm" horizontalSpacing="md" aria-label="Notifications by area and channel">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Area</Table.Th>
                {CHANNELS.map(({ channel, label }) => (
                  <Table.Th key={channel} w={96} ta="center">
                    {label}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {NOTIFICATION_AREAS.map(({ area, label, about }) => (
                <Table.Tr key={area}>
                  <Table.Td>
                    <Text size="sm" fw={550}>
                      {label}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {about}
                    </Text>
                  </Table.Td>
                  {CHANNELS.map(({ channel, label: by }) => (
                    <Table.Td key={channel}>
                      <Switch
                        size="sm"
                        style={{ display: 'flex', justifyContent: 'center' }}
                        aria-label={`${label}: ${by}`}
                        checked={isChosen(choices, area, channel)}
                        onChange={({ currentTarget }) => set(withChoice(choices, area, channel, currentTarget.checked))}
                      />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      </Section>
      <Section title="Only mine">
        <Paper withBorder p="md">
          <Switch
            label="Only about sources and alerts that I made"
            description="Of everything that the table above lets through"
            checked={choices.onlyMine === true}
            onChange={({ currentTarget }) => set({ ...choices, onlyMine: currentTarget.checked })}
          />
        </Paper>
      </Section>
      <Text size="sm" c="dimmed">
        Slack, webhooks and addresses of a team are channels of alerts
        {slug !== undefined && (
          <>
            :{' '}
            <TextLink underline="always" to={`/${slug}/settings/alerts`}>
              set up alerts
            </TextLink>
          </>
        )}
        . <DocLink page="alerts">How alerts work</DocLink>
      </Text>
    </>
  );
}
