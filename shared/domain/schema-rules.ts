import type { TributaryEvent } from './event.ts';
import { isJsonObject, type JsonObject, own } from './json.ts';
import type { EventRule, SourceSchema } from './source-schema.ts';

/** Whether a rule of the source's schema keeps an event from everything (C23). Events that no rule names pass. */
export const isBlockedBySchema = (schema: SourceSchema | undefined, event: TributaryEvent): boolean =>
  schema !== undefined && ruleOf(schema, event)?.enabled === false;

/** Whether the schema integration filter keeps an event from one destination. What the event's integrations object names goes before it (C22). */
export function isKeptFromBySchema(
  schema: SourceSchema | undefined,
  event: TributaryEvent,
  destinationId: string,
): boolean {
  if (schema === undefined) return false;
  const destinations: Readonly<Record<string, boolean>> | undefined =
    event.type === 'identify' || event.type === 'group'
      ? schema[event.type].destinations
      : ruleOf(schema, event)?.destinations;
  return (
    destinations !== undefined && Object.hasOwn(destinations, destinationId) && destinations[destinationId] === false
  );
}

function ruleOf(schema: SourceSchema, event: TributaryEvent): EventRule | undefined {
  if (event.type !== 'track' && event.type !== 'page' && event.type !== 'screen') return undefined;
  const name = own(event, event.type === 'track' ? 'event' : 'name');
  const rules = schema[event.type];
  const key = typeof name === 'string' ? name : '';
  if (Object.hasOwn(rules, key)) return rules[key];
  if (event.type === 'track') return undefined;
  return event.type === 'page' ? schema.everyPage : schema.everyScreen;
}

/** The event without the traits that people switched off; the same object where there is nothing to take out. */
export function withoutBlockedTraits<T extends JsonObject & { type: string }>(
  schema: SourceSchema | undefined,
  event: T,
): T {
  if (schema === undefined || (event.type !== 'identify' && event.type !== 'group')) return event;
  const blocked = schema[event.type].blockedTraits;
  const traits = own(event, 'traits');
  if (!isJsonObject(traits) || !blocked.some((trait) => Object.hasOwn(traits, trait))) return event;
  const gone = new Set(blocked);
  return { ...event, traits: Object.fromEntries(Object.entries(traits).filter(([trait]) => !gone.has(trait))) };
}
