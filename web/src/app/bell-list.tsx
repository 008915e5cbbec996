import { Button, Group, Popover, ScrollArea, Stack, Text } from '@mantine/core';
import { cloneElement, type ReactElement, type Ref } from 'react';
import { useChange, useWorkspaceSlug } from '../api/calls.ts';
import { AppLink } from '../ui/link.tsx';
import { Failed, Waiting } from '../ui/states.tsx';
import { Ago } from '../ui/time.tsx';
import classes from './bell.module.css';
import { useNotifications } from './use-notifications.ts';
import { useOpenedAtOnce } from './use-opened-at-once.ts';

/** What the bell opens: the newest, each leading to what it is about. */
export function BellList({ target }: { target: ReactElement }) {
  const slug = useWorkspaceSlug() ?? '';
  const { opened, onChange, ref } = useOpenedAtOnce();
  const close = (): void => onChange(false);
  const told = useNotifications();
  const read = useChange('markNotificationsRead', { stale: ['listNotifications'] });
  const unread = told.data?.unread ?? 0;
  return (
    <Popover opened={opened} onChange={onChange} position="bottom-end" width={380} trapFocus returnFocus>
      <Popover.Target>
        {cloneElement(target as ReactElement<{ ref: Ref<HTMLButtonElement>; onClick: () => void }>, {
          ref,
          onClick: () => onChange(!opened),
        })}
      </Popover.Target>
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
                close();
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
          <AppLink to={`/${slug}/settings/alerts`} onClick={close} className={classes.link}>
            All alerts
          </AppLink>
          <AppLink to="/me/notifications" onClick={close} className={classes.link}>
            What I am told
          </AppLink>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
