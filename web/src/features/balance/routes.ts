import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/base-routes.tsx';

const balanceRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/balance',
  component: lazyRouteComponent(() => import('./balance-page.tsx'), 'BalancePage'),
});

/** Its pages, each loaded when it is opened. */
export const balanceRoutes = [balanceRoute] as const;
