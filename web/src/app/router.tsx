import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { CALLBACK_PATH } from '../../../shared/config/sign-in.ts';
import { balanceRoutes } from '../features/balance/routes.ts';
import { catalogRoutes } from '../features/catalog/routes.ts';
import { destinationsRoutes } from '../features/destinations/routes.ts';
import { healthRoutes } from '../features/health/routes.ts';
import { overviewRoutes } from '../features/overview/routes.ts';
import { peopleRoutes } from '../features/people/routes.ts';
import { privacyRoutes } from '../features/privacy/routes.ts';
import { settingsRoutes } from '../features/settings/routes.ts';
import { sourcesRoutes } from '../features/sources/routes.ts';
import { usageRoutes } from '../features/usage/routes.ts';
import { rootRoute, signedInRoute, workspaceRoute } from './base-routes.tsx';
import { Failed, Waiting } from '../ui/states.tsx';

const callbackRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: CALLBACK_PATH,
  component: lazyRouteComponent(() => import('./callback-page.tsx'), 'CallbackPage'),
});
/** An invite's link: its text stands behind the #, so that no server and no log of one sees it. */
const inviteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invite',
  component: lazyRouteComponent(() => import('../features/people/invite-page.tsx'), 'InvitePage'),
});
const workspaceIndexRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$workspace/overview', params, replace: true });
  },
});

const tree = rootRoute.addChildren([
  callbackRoute,
  inviteRoute,
  signedInRoute.addChildren([
    ...peopleRoutes,
    workspaceRoute.addChildren([
      workspaceIndexRoute,
      ...overviewRoutes,
      ...sourcesRoutes,
      ...destinationsRoutes,
      ...catalogRoutes,
      ...healthRoutes,
      ...usageRoutes,
      ...balanceRoutes,
      ...privacyRoutes,
      ...settingsRoutes,
    ]),
  ]),
]);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: () => <Waiting what="the page" />,
  defaultErrorComponent: ({ error, reset }) => <Failed what="The page" error={error} onRetry={reset} />,
  // Values of an address are what people type: text.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== '');
    const query = new URLSearchParams(pairs.map(([key, value]) => [key, textOf(value)])).toString();
    return query === '' ? '' : `?${query}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
