import type { Json, JsonObject } from './json.ts';
import { isJsonObject, own } from './json.ts';

/** Destinations that get nothing unless an event names them (C20). */
const OFF_UNLESS_NAMED: ReadonlySet<string> = new Set(['Salesforce']);

/**
 * Whether an event's `integrations` object lets it go to a destination: what it says of the destination's own name (true, or an object of
 * options), else what it says of `All`, else yes. Names match exactly, case included (C19); a destination may go by several, and what is said
 * holds for all instances of a type (C24).
 */
export function allowsIntegration(integrations: JsonObject, names: readonly string[]): boolean {
  const named = namedValue(integrations, names);
  if (named !== undefined) return named !== false;
  return own(integrations, 'All') !== false && !names.some((name) => OFF_UNLESS_NAMED.has(name));
}

/** Whether an event asks for a destination by name: a schema filter does not override that (C22). */
export const namesIntegration = (integrations: JsonObject, names: readonly string[]): boolean => {
  const named = namedValue(integrations, names);
  return named !== undefined && named !== false;
};

function namedValue(integrations: JsonObject, names: readonly string[]): Json | undefined {
  for (const name of names) {
    const value = own(integrations, name) ?? undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/**
 * Whether an event may go to a warehouse: `Warehouses: false` or `{ all: false }` keeps it out of all, `{ warehouseIds: [...] }` lets it into those
 * only (C21). `All: false` does not keep it out (C18).
 */
export function allowsWarehouse(integrations: JsonObject, warehouseId: string): boolean {
  const said = own(integrations, 'Warehouses') ?? undefined;
  if (!isJsonObject(said)) return said !== false;
  const ids = own(said, 'warehouseIds');
  if (Array.isArray(ids)) return ids.includes(warehouseId);
  return own(said, 'all') !== false;
}
