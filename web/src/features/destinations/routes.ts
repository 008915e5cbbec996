import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/base-routes.tsx';

const destinationsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/destinations',
  component: lazyRouteComponent(() => import('./destinations-page.tsx'), 'DestinationsPage'),
});

const newDestinationRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/destinations/new',
  component: lazyRouteComponent(() => import('../add-destination/new-destination-page.tsx'), 'NewDestinationPage'),
});

const addDestinationRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/destinations/new/$slug',
  component: lazyRouteComponent(() => import('../add-destination/add-destination-page.tsx'), 'AddDestinationPage'),
});

const destinationRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/destinations/$destinationId',
  component: lazyRouteComponent(() => import('./destination-layout.tsx'), 'DestinationLayout'),
});

const destinationDeliveryRoute = createRoute({
  getParentRoute: () => destinationRoute,
  path: '/delivery',
  component: lazyRouteComponent(() => import('../delivery/delivery-page.tsx'), 'DeliveryPage'),
});

const destinationMappingsRoute = createRoute({
  getParentRoute: () => destinationRoute,
  path: '/mappings',
  component: lazyRouteComponent(() => import('../mappings/mappings-page.tsx'), 'MappingsPage'),
});

const destinationMappingRoute = createRoute({
  getParentRoute: () => destinationRoute,
  path: '/mappings/$mappingId',
  component: lazyRouteComponent(() => import('../mappings/mapping-page.tsx'), 'MappingPage'),
});

const destinationFiltersRoute = createRoute({
  getParentRoute: () => destinationRoute,
  path: '/filters',
  component: lazyRouteComponent(() => import('../filters/filters-page.tsx'), 'FiltersPage'),
});

const destinationFilterRoute = createRoute({
  getParentRoute: () => destinationRoute,
  path: '/filters/$filterId',
  component: lazyRouteComponent(() => import('../filters/filter-page.tsx'), 'FilterPage'),
});

const destinationWayRoute = createRoute({
  getParentRoute: () => destinationRoute,
  path: '/way',
  component: lazyRouteComponent(() => import('../delivery/on-the-way-page.tsx'), 'OnTheWayPage'),
});

const destinationTesterRoute = createRoute({
  getParentRoute: () => destinationRoute,
  path: '/tester',
  component: lazyRouteComponent(() => import('../tester/tester-page.tsx'), 'TesterPage'),
});

const destinationSettingsRoute = createRoute({
  getParentRoute: () => destinationRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./destination-settings-page.tsx'), 'DestinationSettingsPage'),
});

const destinationAlertsRoute = createRoute({
  getParentRoute: () => destinationRoute,
  path: '/alerts',
  component: lazyRouteComponent(() => import('./destination-alerts-page.tsx'), 'DestinationAlertsPage'),
});

const destinationIndexRoute = createRoute({
  getParentRoute: () => destinationRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$workspace/destinations/$destinationId/delivery', params, replace: true } as never);
  },
});

/** Its pages, each loaded when it is opened. */
export const destinationsRoutes = [
  destinationsRoute,
  newDestinationRoute,
  addDestinationRoute,
  destinationRoute.addChildren([
    destinationIndexRoute,
    destinationDeliveryRoute,
    destinationMappingsRoute,
    destinationMappingRoute,
    destinationFiltersRoute,
    destinationFilterRoute,
    destinationWayRoute,
    destinationTesterRoute,
    destinationSettingsRoute,
    destinationAlertsRoute,
  ]),
] as const;
