import { UnstyledButton } from '@mantine/core';
import { useEffect } from 'react';
import { useWorkspace } from '../api/me.ts';
import { IconChevronDown } from '@tabler/icons-react';
import { rememberWorkspace } from '../features/people/last-workspace.ts';
import { LateMenu } from './late-menu.tsx';
import classes from './switcher.module.css';

/** The open workspace, and the way to the others (A01). */
export function Switcher() {
  const open = useWorkspace();
  const slug = open?.slug;
  useEffect(() => {
    if (slug !== undefined) rememberWorkspace(slug);
  }, [slug]);
  return (
    <LateMenu
      load={async () => (await import('./switcher-list.tsx')).SwitcherList}
      target={
        <UnstyledButton className={classes.button} aria-label={`Workspace ${open?.name ?? ''}: switch`}>
          <span className={classes.name}>{open?.name ?? '…'}</span>
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      }
    />
  );
}
