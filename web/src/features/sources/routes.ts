import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/base-routes.tsx';

const sourcesRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/sources',
  component: lazyRouteComponent(() => import('./sources-page.tsx'), 'SourcesPage'),
});

const newSourceRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/sources/new',
  component: lazyRouteComponent(() => import('./new-source-page.tsx'), 'NewSourcePage'),
});

const sourceRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/sources/$sourceId',
  component: lazyRouteComponent(() => import('./source-layout.tsx'), 'SourceLayout'),
});

const sourceOverviewRoute = createRoute({
  getParentRoute: () => sourceRoute,
  path: '/overview',
  component: lazyRouteComponent(() => import('./source-overview-page.tsx'), 'SourceOverviewPage'),
});

const sourceInstallRoute = createRoute({
  getParentRoute: () => sourceRoute,
  path: '/install',
  component: lazyRouteComponent(() => import('./source-install-page.tsx'), 'SourceInstallPage'),
});

const sourceAlertsRoute = createRoute({
  getParentRoute: () => sourceRoute,
  path: '/alerts',
  component: lazyRouteComponent(() => import('./source-alerts-page.tsx'), 'SourceAlertsPage'),
});

const sourceSettingsRoute = createRoute({
  getParentRoute: () => sourceRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./source-settings-page.tsx'), 'SourceSettingsPage'),
});

const sourceDebuggerRoute = createRoute({
  getParentRoute: () => sourceRoute,
  path: '/debugger',
  component: lazyRouteComponent(() => import('../debugger/debugger-page.tsx'), 'DebuggerPage'),
});

const sourceSchemaRoute = createRoute({
  getParentRoute: () => sourceRoute,
  path: '/schema',
  component: lazyRouteComponent(() => import('../schema/schema-page.tsx'), 'SchemaPage'),
});

const sourceIndexRoute = createRoute({
  getParentRoute: () => sourceRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$workspace/sources/$sourceId/overview', params, replace: true } as never);
  },
});

/** Its pages, each loaded when it is opened. */
export const sourcesRoutes = [
  sourcesRoute,
  newSourceRoute,
  sourceRoute.addChildren([
    sourceIndexRoute,
    sourceOverviewRoute,
    sourceInstallRoute,
    sourceAlertsRoute,
    sourceSettingsRoute,
    sourceDebuggerRoute,
    sourceSchemaRoute,
  ]),
] as const;
