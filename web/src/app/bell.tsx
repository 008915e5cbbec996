import { ActionIcon } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import classes from './bell.module.css';
import { LateMenu } from './late-menu.tsx';
import { useNotifications } from './use-notifications.ts';

/** What happened that one wants to hear of (H08): how many are unread, and the way to the newest. */
export function Bell() {
  const unread = useNotifications().data?.unread ?? 0;
  return (
    <LateMenu
      popup="dialog"
      load={async () => (await import('./bell-list.tsx')).BellList}
      target={
        <ActionIcon
          size="lg"
          className={classes.bell}
          data-unread={unread > 0}
          aria-label={unread === 0 ? 'Notifications' : `Notifications: ${unread} unread`}
        >
          <IconBell size={18} />
        </ActionIcon>
      }
    />
  );
}
