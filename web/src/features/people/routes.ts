import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { signedInRoute } from '../../app/base-routes.tsx';

const chooserRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./chooser-page.tsx'), 'ChooserPage'),
});

const newWorkspaceRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/new-workspace',
  component: lazyRouteComponent(() => import('./new-workspace-page.tsx'), 'NewWorkspacePage'),
});

const meRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/me',
  component: lazyRouteComponent(() => import('./me-layout.tsx'), 'MeLayout'),
});

const meAccountRoute = createRoute({
  getParentRoute: () => meRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./account-page.tsx'), 'AccountPage'),
});

const meNotificationsRoute = createRoute({
  getParentRoute: () => meRoute,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./notifications-page.tsx'), 'NotificationsPage'),
});

const meIndexRoute = createRoute({
  getParentRoute: () => meRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/me/account', params, replace: true } as never);
  },
});

/** Its pages, each loaded when it is opened. */
export const peopleRoutes = [
  chooserRoute,
  newWorkspaceRoute,
  meRoute.addChildren([meIndexRoute, meAccountRoute, meNotificationsRoute]),
] as const;
