import { UnstyledButton } from '@mantine/core';
import { useMe } from '../api/me.ts';
import { LateMenu } from './late-menu.tsx';
import classes from './shell.module.css';

/** Who is signed in: account, notifications, light or dark, sign out. */
export function AccountMenu() {
  const me = useMe();
  const { name = '', email = '' } = me.data?.user ?? {};
  return (
    <LateMenu
      load={async () => (await import('./account-menu-list.tsx')).AccountMenuList}
      target={
        <UnstyledButton aria-label={`Account of ${name || email}`} className={classes.account}>
          <span aria-hidden="true">{(name || email).slice(0, 1).toUpperCase()}</span>
        </UnstyledButton>
      }
    />
  );
}
