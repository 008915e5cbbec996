import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/base-routes.tsx';

const catalogRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/catalog',
  component: lazyRouteComponent(() => import('./catalog-page.tsx'), 'CatalogPage'),
});

const catalogItemRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/catalog/$kind/$slug',
  component: lazyRouteComponent(() => import('./catalog-item-page.tsx'), 'CatalogItemPage'),
});

/** Its pages, each loaded when it is opened. */
export const catalogRoutes = [catalogRoute, catalogItemRoute] as const;
