import { createRootRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { laterStyles } from './later-styles.ts';
import { RootPage } from './root-page.tsx';
import { Shell } from './shell.tsx';
import { SignedIn } from './signed-in.tsx';

/** Every parameter of an address is text; pages read them by `useParam`. `event`: the message whose trace is open, over any page. */
export type AppSearch = { [name: string]: string | undefined };

/** Pages whose looks are all in the first style sheet. */
const EARLY = /^\/(?:callback|[^/]+\/overview)\/?$/;

export const rootRoute = createRootRoute({
  component: RootPage,
  beforeLoad: async ({ location }) => {
    if (!EARLY.test(location.pathname)) await laterStyles();
  },
  validateSearch: (search: Record<string, unknown>): AppSearch => search as AppSearch,
  notFoundComponent: lazyRouteComponent(() => import('./not-found-page.tsx'), 'NotFoundPage'),
});

/** All that needs somebody signed in. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  component: SignedIn,
});

/** All pages of a workspace, in the shell. */
export const workspaceRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$workspace',
  component: Shell,
});
