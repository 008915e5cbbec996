import { Outlet } from '@tanstack/react-router';
import { AccountMenu } from '../../app/account-menu.tsx';
import { useMe } from '../../api/me.ts';
import { Page } from '../../ui/page.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Bare } from './bare.tsx';
import { openWorkspaceLast } from './last-workspace.ts';

const TABS = [
  { label: 'Account', to: '/me/account' },
  { label: 'Notifications', to: '/me/notifications' },
] as const;

/** What is of a person, in all of their workspaces. */
export function MeLayout() {
  const me = useMe();
  const workspaces = me.data?.workspaces ?? [];
  const last = workspaces.find(({ slug }) => slug === openWorkspaceLast()) ?? workspaces[0];
  return (
    <Bare wide account={<AccountMenu />}>
      <Page
        title="Your account"
        about={
          last === undefined ? (
            me.data?.user.email
          ) : (
            <TextLink to={`/${last.slug}/overview`}>← Back to {last.name}</TextLink>
          )
        }
        tabs={TABS}
      >
        <Outlet />
      </Page>
    </Bare>
  );
}
