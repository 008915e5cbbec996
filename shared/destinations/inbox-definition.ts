import { EVENT_TYPES } from '../domain/event.ts';
import type { DestinationDefinition } from './destination-definition.ts';

/** The one destination that is ours: it needs no account anywhere, so a first delivery can be seen at once. */
export const INBOX: DestinationDefinition = {
  slug: 'inbox',
  name: 'Inbox',
  description: 'Keeps the newest 200 events, to look at. Nothing leaves the deployment.',
  class: 'none',
  categories: ['Raw Data'],
  integrationNames: ['Inbox'],
  supportedTypes: EVENT_TYPES,
  settings: [],
  actions: [{ key: 'keep', title: 'Keep', description: 'Keep the event as it is.', batches: true, fields: [] }],
  presets: [
    {
      name: 'All events',
      action: 'keep',
      trigger: EVENT_TYPES.map((type) => `type = "${type}"`).join(' or '),
      fields: {},
    },
  ],
};
