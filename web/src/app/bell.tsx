import { ActionIcon, Button, Group, Indicator, Popover, ScrollArea, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useCall, useChange, useWorkspaceSlug } from '../api/calls.ts';
import { IconBell } from '@tabler/icons-react';
import { AppLink } from '../ui/link.tsx';
import { Failed, Waiting } from '../ui/states.tsx';
import { Ago } from '../ui/time.tsx';
import classes from './bell.module.css';

/** Alerts are decided every minute. */
const POLL_MS = 30_000;
const SHOWN = 20;

/** What happened that one wants to hear of (H08): how many are unread, the newest, each leading to what it is about. */
export function Bell() {
  const slug = useWorkspaceSlug() ?? '';
  const [isOpen, popover] = useDisclosure(false);
  const told = useCall('listNotifications', { query: { pagination: { count: SHOWN } } }, { everyMs: POLL_MS });
  const read = useChange('markNotificationsRead', { stale: ['listNotifications'] });
  const unread = told.data?.unread ?? 0;
  const label = unread === 0 ? 'Notifications' : `Notifications: ${unread} unread`;
  return (
    <Popover opened={isOpen} onChange={popover.toggle} position="bottom-end" width={380} trapFocus>
      <Indicator disabled={unread === 0} size={8} offset={7} color="red" processing={false}>
        {/* What opens it is told on the button: a box has no such state. */}
        <Popover.Target>
          <ActionIcon size="lg" aria-label={label} onClick={popover.toggle}>
            <IconBell size={18} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0} aria-label="Notifications">
        <Group justify="space-between" px="md" py="xs" className={classes.head}>
          <Text fw={600} size="sm">
            Notifications
          </Text>
          <Button
            variant="subtle"
            size="compact-xs"
            disabled={unread === 0}
            loading={read.isPending}
            onClick={() => read.mutate({ body: {} })}
          >
            Mark all as read
          </Button>
        </Group>
        <ScrollArea.Autosize mah={420}>
          {told.isPending && <Waiting what="notifications" lines={3} />}
          {told.isError && <Failed what="Notifications" error={told.error} onRetry={() => void told.refetch()} />}
          {told.data?.notifications.length === 0 && (
            <Text size="sm" c="dimmed" p="lg" ta="center">
              Nothing happened that you want to hear of.
            </Text>
          )}
          {told.data?.notifications.map(({ id, title, lines, at, path, read: isRead }) => (
            <AppLink
              key={id}
              to={path === null ? `/${slug}/settings/alerts` : `/${slug}${path}`}
              className={classes.entry}
              data-unread={!isRead}
              onClick={() => {
                popover.close();
                if (!isRead) read.mutate({ body: { ids: [id] } });
              }}
            >
              <Stack gap={2}>
                <Text size="sm" fw={isRead ? 450 : 620}>
                  {title}
                </Text>
                {lines.slice(0, 2).map((line) => (
                  <Text key={line} size="xs" c="dimmed" lineClamp={2}>
                    {line}
                  </Text>
                ))}
                <Ago at={at} size="xs" c="dimmed" />
              </Stack>
            </AppLink>
          ))}
        </ScrollArea.Autosize>
        <Group px="md" py="xs" className={classes.foot}>
          <AppLink to={`/${slug}/settings/alerts`} onClick={popover.close} className={classes.link}>
            All alerts
          </AppLink>
          <AppLink to="/me/notifications" onClick={popover.close} className={classes.link}>
            What I am told
          </AppLink>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
