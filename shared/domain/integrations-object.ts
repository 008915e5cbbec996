import type { JsonObject } from './json.ts';
import { own } from './json.ts';

/**
 * Whether an event's `integrations` object lets it go to a destination: what it says of the destination's own name (true, or an object of
 * options), else what it says of `All`, else yes. Names match exactly, case included; a destination may go by several.
 */
export function allowsIntegration(integrations: JsonObject, names: readonly string[]): boolean {
  for (const name of names) {
    const value = own(integrations, name) ?? undefined;
    if (value !== undefined) return value !== false;
  }
  return own(integrations, 'All') !== false;
}
