import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/base-routes.tsx';

const healthRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/health',
  component: lazyRouteComponent(() => import('./health-page.tsx'), 'HealthPage'),
});

/** Its pages, each loaded when it is opened. */
export const healthRoutes = [healthRoute] as const;
