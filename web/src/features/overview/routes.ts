import { createRoute } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/base-routes.tsx';
import { OverviewPage } from './overview-page.tsx';

/** In the first load, for it is where people arrive. */
const overviewRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/overview',
  component: OverviewPage,
});

/** Its page. */
export const overviewRoutes = [overviewRoute] as const;
