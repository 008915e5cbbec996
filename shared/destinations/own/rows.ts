import type { LibraryRow } from '../destination-definition.ts';

/**
 * A destination of ours, written in the library's format. `load` imports its module, which exports one DestinationDefinition of
 * `@segment/actions-core`, as default or by whatever name: `() => import('./adobe-analytics/definition.ts')`.
 */
export type OwnRow = Omit<LibraryRow, 'directory'> & { load: () => Promise<unknown> };

/** After a change here: `node cli/generate-catalog.ts && npm run fix`. Only deliver and the command line read this file, never route. */
export const OWN_ROWS: readonly OwnRow[] = [
  {
    slug: 'adobe-analytics',
    name: 'Adobe Analytics',
    description:
      "Web and app analytics through Adobe's Data Insertion API: you map your events to Adobe's, and your properties to eVars, props, lists and hierarchies.",
    integrationNames: ['Adobe Analytics', 'Omniture', 'SiteCatalyst'],
    supportedTypes: ['track', 'page', 'screen'],
    presets: [
      { action: 'track', name: 'Track calls' },
      { action: 'pageView', name: 'Page calls', trigger: 'type = "page"' },
      { action: 'pageView', name: 'Screen calls', trigger: 'type = "screen"' },
    ],
    load: () => import('./adobe-analytics/definition.ts'),
  },
];
