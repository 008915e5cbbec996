import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/base-routes.tsx';

const suppressionsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/privacy/suppressions',
  component: lazyRouteComponent(() => import('./suppressions-page.tsx'), 'SuppressionsPage'),
});

/** Its pages, each loaded when it is opened. */
export const privacyRoutes = [suppressionsRoute] as const;
