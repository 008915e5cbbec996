import { Menu, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useMe, useWorkspace } from '../api/me.ts';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { WorkspaceMark } from '../features/people/workspace-mark.tsx';
import { OpenedMenu } from './opened-menu.tsx';

/** What the switcher opens: the person's workspaces. */
export function SwitcherList({ target }: { target: ReactElement }) {
  const me = useMe();
  const open = useWorkspace();
  const navigate = useNavigate();
  return (
    <OpenedMenu target={target} position="bottom-start" width={260}>
      <Menu.Label>Workspaces</Menu.Label>
      {me.data?.workspaces.map(({ id, slug, name }) => (
        <Menu.Item
          key={id}
          onClick={() => void navigate({ to: '/$workspace/overview', params: { workspace: slug } })}
          leftSection={<WorkspaceMark name={name} size={22} />}
          rightSection={id === open?.id ? <IconCheck size={14} aria-label="open" /> : undefined}
        >
          <Text size="sm" truncate component="span" display="block">
            {name}
          </Text>
        </Menu.Item>
      ))}
      {me.data?.mayCreateWorkspaces === true && (
        <>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconPlus size={14} aria-hidden="true" />}
            onClick={() => void navigate({ to: '/new-workspace' })}
          >
            Create workspace
          </Menu.Item>
        </>
      )}
    </OpenedMenu>
  );
}
