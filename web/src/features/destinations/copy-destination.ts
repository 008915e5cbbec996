import type { ApiClient } from '../../../../shared/api/client-over.ts';
import { KEPT_SECRET } from '../../ui/schema-form/fields.ts';

export type CopyOrder = { fromId: string; sourceId: string; metadataId: string; name: string };
/** `incomplete`: names of mappings whose fixed secrets must be entered again. */
export type Copied = { id: string; mappings: number; filters: number; incomplete: readonly string[] };

/**
 * Makes a destination like another, for whatever source: settings with their secrets, mappings, filters. It is disabled. What breaks off midway leaves a
 * disabled destination that lacks the rest.
 */
export async function copyDestination(
  api: ApiClient,
  { fromId, sourceId, metadataId, name }: CopyOrder,
): Promise<Copied> {
  const from = { path: { destinationId: fromId } };
  const mappings = await api.all('listSubscriptionsFromDestination', 'subscriptions', from);
  const filters = await api.all('listFiltersFromDestination', 'filters', from);
  const { destination } = await api.call('createDestination', { body: { sourceId, metadataId, name, settings: {} } });
  const path = { destinationId: destination.id };
  await api.call('copyDestinationSettings', { path, body: { fromDestinationId: fromId } });
  const incomplete: string[] = [];
  for (const mapping of mappings) {
    const settings = withoutDots(mapping.settings);
    const isWhole = Object.keys(settings).length === Object.keys(mapping.settings).length;
    if (!isWhole) incomplete.push(mapping.name);
    await api.call('createDestinationSubscription', {
      path,
      body: {
        name: mapping.name,
        actionId: mapping.actionId,
        trigger: mapping.trigger,
        enabled: mapping.enabled && isWhole,
        settings,
      },
    });
  }
  for (const { if: condition, actions, title, description, enabled } of filters) {
    await api.call('createFilterForDestination', {
      path,
      body: { sourceId, if: condition, actions, title, enabled, ...(description !== undefined && { description }) },
    });
  }
  return { id: destination.id, mappings: mappings.length, filters: filters.length, incomplete };
}

/** A secret that stands fixed in a mapping is shown as dots, and the dots stand for nothing elsewhere. */
const withoutDots = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => !JSON.stringify(value).includes(KEPT_SECRET)));
