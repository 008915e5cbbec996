import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/base-routes.tsx';

const usageRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/usage',
  component: lazyRouteComponent(() => import('./usage-page.tsx'), 'UsagePage'),
});

/** Its pages, each loaded when it is opened. */
export const usageRoutes = [usageRoute] as const;
