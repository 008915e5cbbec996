import { Outlet } from '@tanstack/react-router';
import { useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { Page, type Tab } from '../../ui/page.tsx';

/** The settings of a workspace, as tabs: those that its reader may see. */
export function SettingsLayout() {
  const slug = useWorkspaceSlug() ?? '';
  const [people, editsPeople, tokens, audit] = [
    useMay('member.read'),
    useMay('member.edit'),
    useMay('token.read'),
    useMay('audit.read'),
  ];
  const requests = useCall('listAccessRequests', undefined, { enabled: editsPeople });
  const tab = (label: string, path: string, isSeen = true, count?: number): Tab[] =>
    isSeen ? [{ label, to: `/${slug}/settings/${path}`, count }] : [];
  return (
    <Page
      title="Settings"
      tabs={[
        ...tab('General', 'general'),
        ...tab('Team', 'team', people),
        ...tab('Groups', 'groups', people),
        ...tab('Access requests', 'access-requests', editsPeople, requests.data?.requests.length),
        ...tab('Labels', 'labels'),
        ...tab('API tokens', 'tokens', tokens),
        ...tab('Audit trail', 'audit', audit),
        ...tab('Alerts', 'alerts'),
        ...tab('Replays', 'replays'),
      ]}
    >
      <Outlet />
    </Page>
  );
}
