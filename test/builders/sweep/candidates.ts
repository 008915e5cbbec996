import { parseFql, validate } from '@segment/destination-subscriptions';
import type { ActionDefinition, DestinationDefinition } from '../../../shared/destinations/destination-definition.ts';
import { SYNC_MODE_FIELD } from '../../../shared/destinations/destination-definition.ts';
import { defaultFields } from '../../../shared/destinations/read-definition.ts';
import type { EventType } from '../../../shared/domain/event.ts';
import type { Json, JsonObject } from '../../../shared/domain/json.ts';
import { plainEvent } from './supply-event.ts';

/** One way in which a person might map events of a type. `name` finds it again: an action, and which of its mappings. */
export type Candidate = { name: string; action: ActionDefinition; fields: Record<string, Json>; event: JsonObject };

/**
 * The ways to map events of a type, the likeliest first: presets that choose such events, actions whose default trigger does, then every preset
 * and action by a trigger that somebody writes.
 */
export function candidatesFor(definition: DestinationDefinition, type: EventType): Candidate[] {
  const actions = new Map(definition.actions.map((action) => [action.key, action]));
  const presets = definition.presets.flatMap(({ action: key, name, trigger, fields }) => {
    const action = actions.get(key);
    return action === undefined ? [] : [{ name: `${key}/${name}`, action, trigger, fields: { ...fields } }];
  });
  const defaults = definition.actions.map((action) => ({
    name: action.key,
    action,
    trigger: action.defaultTrigger ?? '',
    fields: defaultFields(action),
  }));
  const all = [...presets, ...defaults].map(({ name, action, trigger, fields }) => {
    const chosen = eventFor(trigger, type);
    const withMode = action.syncMode === undefined ? fields : { [SYNC_MODE_FIELD]: action.syncMode.default, ...fields };
    return { isChosen: chosen !== undefined, name, action, fields: withMode, event: chosen ?? plainEvent(type) };
  });
  return [true, false].flatMap((isChosen) => all.filter((each) => each.isChosen === isChosen));
}

/** An event of this type that the trigger chooses, if its condition is one that a plain event can meet. */
function eventFor(trigger: string, type: EventType): JsonObject | undefined {
  const names = [undefined, ...[...trigger.matchAll(/event\s*=\s*["']([^"']+)["']/g)].map(([, name]) => name)];
  const parsed = parseFql(trigger);
  if (trigger === '' || 'error' in parsed) return undefined;
  return names.map((name) => plainEvent(type, name)).find((event) => validate(parsed, event));
}
