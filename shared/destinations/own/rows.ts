import { EVENT_TYPES } from '../../domain/event.ts';
import type { LibraryRow } from '../destination-definition.ts';

/**
 * A destination of ours, written in the library's format. `load` imports its module, which exports one DestinationDefinition of
 * `@segment/actions-core`, as default or by whatever name: `() => import('./adobe-analytics/definition.ts')`.
 */
export type OwnRow = Omit<LibraryRow, 'directory'> & {
  load: () => Promise<unknown>;
  /** It may call this deployment's own tracking API, and so must break loops itself. */
  mayReachUs?: true;
};

/** After a change here: `node cli/generate-catalog.ts && npm run fix`. Only deliver and the command line read this file, never route. */
export const OWN_ROWS: readonly OwnRow[] = [
  {
    slug: 'adobe-analytics',
    name: 'Adobe Analytics',
    description:
      "Web and app analytics through Adobe's Data Insertion API: you map your events to Adobe's, and your properties to eVars, props, lists and hierarchies.",
    integrationNames: ['Adobe Analytics', 'Omniture', 'SiteCatalyst'],
    supportedTypes: ['track', 'page', 'screen'],
    class: 'none',
    categories: ['Analytics'],
    presets: [
      { action: 'track', name: 'Track calls' },
      { action: 'pageView', name: 'Page calls', trigger: 'type = "page"' },
      { action: 'pageView', name: 'Screen calls', trigger: 'type = "screen"' },
    ],
    load: () => import('./adobe-analytics/definition.ts'),
  },
  {
    slug: 'repeater',
    name: 'Repeater',
    description: 'Sends events on to other sources, of this deployment or of another, as if they had happened there.',
    integrationNames: ['Repeater'],
    supportedTypes: EVENT_TYPES,
    class: 'none',
    categories: ['Raw Data'],
    secretSettings: ['repeatKeys'],
    presets: [{ action: 'repeat', name: 'All events' }],
    mayReachUs: true,
    load: () => import('./repeater/definition.ts'),
  },
  {
    slug: 'ntfy',
    name: 'ntfy',
    description: 'Notifications on phones and desktops, by the public ntfy server or one of your own.',
    integrationNames: ['ntfy'],
    supportedTypes: EVENT_TYPES,
    class: 'key',
    categories: ['SMS & Push Notifications'],
    presets: [{ action: 'publish', name: 'Track calls' }],
    load: () => import('./ntfy/definition.ts'),
  },
];

/** Whether a destination may call this deployment's own tracking API. */
export const mayReachUs = (slug: string): boolean =>
  OWN_ROWS.some((row) => row.slug === slug && row.mayReachUs === true);
