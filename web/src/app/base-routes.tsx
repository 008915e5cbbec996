import { createRootRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { RootPage } from './root-page.tsx';

/** Every parameter of an address is text; pages read them by `useParam`. `event`: the message whose trace is open, over any page. */
export type AppSearch = { [name: string]: string | undefined };

export const rootRoute = createRootRoute({
  component: RootPage,
  validateSearch: (search: Record<string, unknown>): AppSearch => search as AppSearch,
  notFoundComponent: lazyRouteComponent(() => import('./not-found-page.tsx'), 'NotFoundPage'),
});

/** All that needs somebody signed in. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  component: lazyRouteComponent(() => import('./signed-in.tsx'), 'SignedIn'),
});

/** All pages of a workspace, in the shell. */
export const workspaceRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$workspace',
  component: lazyRouteComponent(() => import('./shell.tsx'), 'Shell'),
});
