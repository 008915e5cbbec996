import { ActionIcon, Button, Group, Menu, Stack, Switch, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconDots, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import type { About } from './alert-draft.ts';
import { type Alert, alertSentence, CHANNEL_NAMES, channelText } from './alert-kinds.ts';
import classes from './alerts.module.css';
import { useConnections } from './connection-names.ts';

/** An alert in a list: what it watches, who is told, when it last spoke; on and off, tried, changed, deleted. */
export function AlertRow({ alert, onEdit, about }: { alert: Alert; onEdit: () => void; about: About }) {
  const [isDeleting, setDeleting] = useState(false);
  const toggle = useChange('updateAlert', {
    stale: ['listAlerts'],
    onFailed: (error) => toastError('The alert was not changed', error),
  });
  const test = useChange('testAlert', { stale: ['listAlerts', 'listNotifications'] });
  const remove = useChange('deleteAlert', {
    stale: ['listAlerts'],
    onDone: () => toast(`“${alert.name}” is deleted`),
  });
  const path = { alertId: alert.id };
  const isOn = toggle.isPending ? (toggle.variables.body?.enabled ?? alert.enabled) : alert.enabled;
  return (
    <li className={classes['row']}>
      <Group wrap="nowrap" align="flex-start" gap="md">
        <Tooltip label="Only owners and who made it may change this alert" disabled={alert.mayEdit}>
          <Switch
            mt={2}
            size="sm"
            aria-label={`${alert.name}: ${isOn ? 'on' : 'off'}`}
            checked={isOn}
            disabled={!alert.mayEdit}
            onChange={({ currentTarget }) => toggle.mutate({ path, body: { enabled: currentTarget.checked } })}
          />
        </Tooltip>
        <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
          <Group gap={8}>
            <Text size="sm" fw={600} c={isOn ? undefined : 'dimmed'}>
              {alert.name}
            </Text>
            {alert.isDefault && <Chip size="sm">Built in</Chip>}
            {!isOf(about, alert) && <AlertPlace alert={alert} />}
          </Group>
          <Text size="sm" c="dimmed">
            {alertSentence(alert)}
          </Text>
          <Group gap={6} mt={2}>
            {alert.channels.map((channel) => (
              <Chip key={`${channel.type} ${channelText(channel)}`} size="sm" tone="neutral">
                {channelText(channel)}
              </Chip>
            ))}
          </Group>
          <Answers answers={test.data?.channels ?? alert.lastAnswers} isTest={test.data !== undefined} />
          {test.error !== null && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {test.error.message}
            </Text>
          )}
        </Stack>
        <Stack gap={2} align="flex-end" visibleFrom="sm" w={130}>
          <Text size="xs" c="dimmed">
            Last triggered
          </Text>
          <Ago at={alert.lastTriggeredAt} never="Never" />
        </Stack>
        <Group gap={4} wrap="nowrap">
          {alert.mayEdit && (
            <Button
              variant="default"
              size="compact-sm"
              loading={test.isPending}
              visibleFrom="xs"
              onClick={() => test.mutate({ path })}
            >
              Test
            </Button>
          )}
          {alert.mayEdit && (
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon aria-label={`Actions of ${alert.name}`}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={onEdit}>Change</Menu.Item>
                <Menu.Item onClick={() => test.mutate({ path })}>Send a test</Menu.Item>
                {!alert.isDefault && (
                  <Menu.Item color="var(--mantine-color-error)" onClick={() => setDeleting(true)}>
                    Delete
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Group>
      <Confirm
        opened={isDeleting}
        onClose={() => setDeleting(false)}
        title={`Delete “${alert.name}”`}
        button="Delete alert"
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ path })}
      >
        Nobody is told any more when: {alertSentence(alert)}. To stop it for a while, switch it off instead.
      </Confirm>
    </li>
  );
}

const isOf = (about: About, { sourceId, destinationId }: Alert): boolean =>
  about.sourceId === sourceId && about.destinationId === destinationId;

/** The source or destination that an alert is about, as a link. */
function AlertPlace({ alert: { sourceId, destinationId } }: { alert: Alert }) {
  const slug = useWorkspaceSlug() ?? '';
  const { nameOf } = useConnections();
  const id = sourceId ?? destinationId;
  if (id === undefined) return null;
  return (
    <TextLink to={`/${slug}/${sourceId === undefined ? 'destinations' : 'sources'}/${id}/alerts`} size="sm">
      {nameOf(id) ?? id}
    </TextLink>
  );
}

type Answer = { type: string; sent: boolean; message: string; at?: string };

/** What each channel answered, to a test or the last time. */
function Answers({ answers, isTest }: { answers: readonly Answer[]; isTest: boolean }) {
  const shown = isTest ? answers : answers.filter(({ sent }) => !sent);
  if (shown.length === 0) return null;
  return (
    <Stack gap={2} mt={4} role={isTest ? 'status' : undefined}>
      {shown.map(({ type, sent, message, at }, index) => (
        // Several channels of an alert may be of one type.
        // oxlint-disable-next-line react/no-array-index-key
        <Group key={`${type} ${index}`} gap={6} wrap="nowrap" align="flex-start">
          {sent ? (
            <IconCheck
              size={15}
              color="var(--mantine-color-teal-text)"
              aria-hidden
              style={{ flexShrink: 0, marginTop: 2 }}
            />
          ) : (
            <IconX size={15} color="var(--mantine-color-error)" aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
          )}
          <Text size="sm">
            {CHANNEL_NAMES[type] ?? type}: {sent ? 'sent' : 'not sent'}
            {message !== '' && ` – ${message}`}
            {at !== undefined && (
              <>
                {' '}
                <Ago at={at} c="dimmed" />
              </>
            )}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
