import { isJsonObject, type Json, type JsonObject, own } from '../../../domain/json.ts';
import { invalidSettings } from '../discard-error.ts';
import { numberOf, objectOf, textOf, textsOf, valueAt } from '../payload-values.ts';
import { sourceValue, type VariableSource, variableName } from './variables.ts';

/** Events of the e-commerce spec that Adobe has a word for; they need no mapping. */
const ECOMMERCE_EVENTS: Readonly<Record<string, string>> = {
  'Product Viewed': 'prodView',
  'Product List Viewed': 'prodView',
  'Product Added': 'scAdd',
  'Product Removed': 'scRemove',
  'Cart Viewed': 'scView',
  'Cart Opened': 'scOpen',
  'Checkout Started': 'scCheckout',
  'Order Completed': 'purchase',
};
const EVENT_NAME = /^(event([1-9]\d{0,2}|1000)|prodView|scOpen|scView|scAdd|scRemove|scCheckout|purchase)$/;
/** An event with an amount or a serial number: `event5=12.5`, `event5:abc`. */
const EVENT_WITH_VALUE = /^([A-Za-z]\w{0,31})(?:[=:][\w.-]{1,64})?$/;
const PRODUCTS_PREFIX = 'products.';
const PROPERTIES_PREFIX = 'properties.';

/** An Adobe event that a merchandising setting adds, by itself or with an amount. */
type MerchEvent = { name: string; scope: 'event' | 'product'; property?: string };
export type Merchandising = { events: readonly MerchEvent[]; productEVars: readonly (readonly [string, string])[] };

const NOTHING: Merchandising = { events: [], productEVars: [] };

/** What the setting `merchEvents` says of an event. Throws where it cannot be read. */
export function merchandisingOf(setting: JsonObject, event: string | undefined): Merchandising {
  const entry = event === undefined ? undefined : own(setting, event);
  if (entry === undefined) return NOTHING;
  const events = isJsonObject(entry) ? (own(entry, 'events') ?? []) : undefined;
  if (!isJsonObject(entry) || !Array.isArray(events))
    throw invalidSettings(`merchEvents: ${event} has no list "events"`);
  return {
    events: events.map((each) => merchEvent(each, event)),
    productEVars: Object.entries(objectOf(own(entry, 'productEVars'))).map(([key, name]) => [
      key,
      variableName('eVars', name),
    ]),
  };
}

function merchEvent(value: Json, event: string | undefined): MerchEvent {
  const entry = objectOf(value);
  const name = textOf(own(entry, 'adobeEvent')) ?? '';
  const scope = own(entry, 'scope') ?? 'event';
  if (!EVENT_NAME.test(name) || (scope !== 'event' && scope !== 'product')) {
    throw invalidSettings(
      `merchEvents: an event of ${event} needs "adobeEvent" (such as event5) and "scope" (event or product)`,
    );
  }
  const property = textOf(own(entry, 'property'));
  return { name, scope, ...(property !== undefined && { property }) };
}

/** Adobe's events that an event's name is mapped to: those of the setting, else Adobe's word for one of the e-commerce spec. */
export function mappedEvents(eventMap: JsonObject, event: string): string[] {
  const mapped = own(eventMap, event);
  if (mapped === undefined) return Object.hasOwn(ECOMMERCE_EVENTS, event) ? [ECOMMERCE_EVENTS[event] ?? ''] : [];
  const names = textsOf(mapped).flatMap((text) => text.split(',').map((name) => name.trim()));
  const faulty = names.find((name) => !EVENT_NAME.test(name));
  if (names.length === 0 || faulty !== undefined) {
    throw invalidSettings(
      `eventsV2: ${event} is mapped to ${JSON.stringify(faulty ?? mapped)}, which is no event of Adobe's`,
    );
  }
  // A name of the e-commerce spec that is mapped to one's own event remains what it is.
  return Object.hasOwn(ECOMMERCE_EVENTS, event) ? [ECOMMERCE_EVENTS[event] ?? '', ...names] : names;
}

/** Events that an event brings itself (its integrations object): what does not look like one is left out. */
export const broughtEvents = (events: readonly Json[]): string[] =>
  textsOf([...events])
    .map((text) => text.trim())
    .filter((text) => EVENT_WITH_VALUE.test(text));

/**
 * Events that merchandising adds to `<events>`. One with an amount that the event lacks is not sent; one by product stands here without its
 * amount, which goes into the products.
 */
export const merchandisingEvents = ({ events }: Merchandising, source: VariableSource): string[] =>
  events.flatMap(({ name, scope, property }) => {
    if (scope === 'product' || property === undefined) return [name];
    const amount = numberOf(sourceValue(source, withoutPrefix(property)));
    return amount === undefined ? [] : [`${name}=${amount}`];
  });

const withoutPrefix = (key: string): string =>
  key.startsWith(PROPERTIES_PREFIX) ? key.slice(PROPERTIES_PREFIX.length) : key;

/** What a key of a merchandising setting means for one product: `products.x` is the product's, anything else the whole event's. */
export const productValue = (key: string, product: JsonObject, source: VariableSource): Json | undefined =>
  key.startsWith(PRODUCTS_PREFIX)
    ? valueAt(product, key.slice(PRODUCTS_PREFIX.length))
    : sourceValue(source, withoutPrefix(key));
