import { Kbd, Menu } from '@mantine/core';
import type { ReactElement } from 'react';
import { useChange } from '../api/calls.ts';
import { IconBook, IconBug, IconCode, IconKeyboard, IconRoute } from '@tabler/icons-react';
import { docUrl } from '../ui/states.tsx';
import { toastError } from '../ui/toast.tsx';
import { appConfig } from './config.ts';
import { OpenedMenu } from './opened-menu.tsx';
import { listShortcuts } from './shortcuts.ts';

/** What the question mark opens. */
export function HelpMenuList({ target }: { target: ReactElement }) {
  const restart = useChange('updateMyPreferences', {
    stale: [],
    onDone: () => location.reload(),
    onFailed: (error) => toastError('The tour could not start', error),
  });
  return (
    <OpenedMenu target={target} position="bottom-end" width={230}>
      <Menu.Item
        component="a"
        href={docUrl('index')}
        target="_blank"
        rel="noreferrer"
        leftSection={<IconBook size={15} aria-hidden="true" />}
      >
        Manual
      </Menu.Item>
      <Menu.Item
        component="a"
        href={`${appConfig().apiUrl}/docs`}
        target="_blank"
        rel="noreferrer"
        leftSection={<IconCode size={15} aria-hidden="true" />}
      >
        API reference
      </Menu.Item>
      <Menu.Item
        onClick={listShortcuts}
        leftSection={<IconKeyboard size={15} aria-hidden="true" />}
        rightSection={<Kbd size="xs">?</Kbd>}
      >
        Keyboard shortcuts
      </Menu.Item>
      <Menu.Item
        onClick={() => restart.mutate({ body: { preferences: { tour: null } } })}
        leftSection={<IconRoute size={15} aria-hidden="true" />}
      >
        Take the tour
      </Menu.Item>
      <Menu.Item
        component="a"
        href={docUrl('feedback')}
        target="_blank"
        rel="noreferrer"
        leftSection={<IconBug size={15} aria-hidden="true" />}
      >
        Give feedback
      </Menu.Item>
    </OpenedMenu>
  );
}
