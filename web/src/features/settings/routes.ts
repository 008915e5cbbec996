import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/base-routes.tsx';

const settingsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings-layout.tsx'), 'SettingsLayout'),
});

const settingsGeneralRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/general',
  component: lazyRouteComponent(() => import('./general-page.tsx'), 'GeneralPage'),
});

const settingsTeamRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/team',
  component: lazyRouteComponent(() => import('./team-page.tsx'), 'TeamPage'),
});

const settingsGroupsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/groups',
  component: lazyRouteComponent(() => import('./groups-page.tsx'), 'GroupsPage'),
});

const settingsLabelsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/labels',
  component: lazyRouteComponent(() => import('./labels-page.tsx'), 'LabelsPage'),
});

const settingsTokensRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./tokens-page.tsx'), 'TokensPage'),
});

const settingsAuditRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/audit',
  component: lazyRouteComponent(() => import('./audit-page.tsx'), 'AuditPage'),
});

const settingsAlertsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/alerts',
  component: lazyRouteComponent(() => import('../alerts/alerts-page.tsx'), 'AlertsPage'),
});

const settingsReplaysRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/replays',
  component: lazyRouteComponent(() => import('../replays/replays-page.tsx'), 'ReplaysPage'),
});

const settingsRequestsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/access-requests',
  component: lazyRouteComponent(() => import('./access-requests-page.tsx'), 'AccessRequestsPage'),
});

const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$workspace/settings/general', params, replace: true } as never);
  },
});

/** Its pages, each loaded when it is opened. */
export const settingsRoutes = [
  settingsRoute.addChildren([
    settingsIndexRoute,
    settingsGeneralRoute,
    settingsTeamRoute,
    settingsGroupsRoute,
    settingsLabelsRoute,
    settingsTokensRoute,
    settingsAuditRoute,
    settingsAlertsRoute,
    settingsReplaysRoute,
    settingsRequestsRoute,
  ]),
] as const;
