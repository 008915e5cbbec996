import { Menu, Text, UnstyledButton } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMe, useWorkspace } from '../api/me.ts';
import { IconCheck, IconChevronDown, IconPlus } from '@tabler/icons-react';
import { rememberWorkspace } from '../features/people/last-workspace.ts';
import { WorkspaceMark } from '../features/people/workspace-mark.tsx';
import classes from './switcher.module.css';

/** The open workspace, and the way to the others (A01). */
export function Switcher() {
  const me = useMe();
  const open = useWorkspace();
  const navigate = useNavigate();
  const slug = open?.slug;
  useEffect(() => {
    if (slug !== undefined) rememberWorkspace(slug);
  }, [slug]);
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={`Workspace ${open?.name ?? ''}: switch`}>
          <Text truncate fw={550} size="sm" component="span">
            {open?.name ?? '…'}
          </Text>
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
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
      </Menu.Dropdown>
    </Menu>
  );
}
