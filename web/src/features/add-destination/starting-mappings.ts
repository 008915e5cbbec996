import type { CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { ApiError } from '../../../../shared/api/api-error.ts';
import type { ApiClient } from '../../../../shared/api/client-over.ts';
import { EVENT_TYPES } from '../../../../shared/domain/event.ts';

/** A mapping that a destination may begin with: a preset, or, of a type that has none, an action with its own defaults. */
export type Starting = { name: string; actionId: string; actionTitle: string; trigger: string; isPreset: boolean };

const ALL_EVENTS = EVENT_TYPES.map((type) => `type = "${type}"`).join(' or ');

export function startingMappings({ presets, actions }: CatalogDestination): Starting[] {
  const actionOf = new Map(actions.map((action) => [action.key, action]));
  if (presets.length > 0) {
    return presets.map(({ name, action, trigger }) => ({
      name,
      actionId: actionOf.get(action)?.id ?? action,
      actionTitle: actionOf.get(action)?.title ?? action,
      trigger,
      isPreset: true,
    }));
  }
  return actions.map(({ id, title, defaultTrigger }) => ({
    name: title,
    actionId: id,
    actionTitle: title,
    trigger: defaultTrigger ?? ALL_EVENTS,
    isPreset: false,
  }));
}

export type Subscription = { id: string; name: string; enabled: boolean; trigger: string };
/** Mappings that are there and could not be switched on, with what they lack. */
export type Unfinished = { id: string; name: string; why: string };

/** Makes the mappings that are wanted and not there yet, and switches them on; of what was not wanted any more, off. The destination itself is disabled. */
export async function applyMappings(
  api: ApiClient,
  destinationId: string,
  wanted: readonly Starting[],
  present: readonly Subscription[],
): Promise<Unfinished[]> {
  const path = { destinationId };
  const names = new Set(wanted.map(({ name }) => name));
  const there = new Map(present.map((one) => [one.name, one]));
  const presets = wanted.filter(({ name, isPreset }) => isPreset && !there.has(name)).map(({ name }) => name);
  if (presets.length > 0) {
    const made = await api.call('createMappingsFromPresets', { path, body: { names: presets } });
    for (const one of made.subscriptions) there.set(one.name, one);
  }
  for (const { name, actionId, trigger, isPreset } of wanted) {
    if (isPreset || there.has(name)) continue;
    const body = { name, actionId, trigger, enabled: false };
    const made = await api.call('createDestinationSubscription', { path, body });
    there.set(name, made.destinationSubscription);
  }
  const unfinished: Unfinished[] = [];
  for (const { id, name, enabled } of there.values()) {
    if (enabled === names.has(name)) continue;
    try {
      await api.call('updateSubscriptionForDestination', {
        path: { ...path, id },
        body: { input: { enabled: names.has(name) } },
      });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 422) throw error;
      unfinished.push({ id, name, why: whyOf(error) });
    }
  }
  return unfinished;
}

/** Which fields a mapping lacks, by the API's answer. */
function whyOf(error: ApiError): string {
  const fields = error.entries.flatMap(({ field }) => (field === undefined ? [] : [field.split('.').at(-1) ?? field]));
  return fields.length === 0 ? error.message : `needs ${fields.join(', ')}`;
}
