import { isJsonObject, type Json, type JsonObject, own } from '../../../domain/json.ts';
import { numberOf, textOf } from '../payload-values.ts';
import { cutBytes } from '../xml.ts';
import { type Merchandising, productValue } from './events.ts';
import type { VariableSource } from './variables.ts';

/** Which of a product's fields names it to Adobe, the best first. */
const IDENTIFIERS = {
  name: ['name', 'title', 'product_name'],
  sku: ['sku'],
  id: ['product_id', 'productId', 'id'],
} as const;
export type ProductIdentifier = keyof typeof IDENTIFIERS;

/** Events of the e-commerce spec whose properties are the product. */
const SINGLE_PRODUCT_EVENTS: ReadonlySet<string> = new Set(['Product Viewed', 'Product Added', 'Product Removed']);
/** Adobe keeps so many bytes of a product's name and of its category. */
const NAME_BYTES_MAX = 100;
const EVAR_BYTES_MAX = 255;

/** The products that an event speaks of. */
export function productsOf(products: Json | undefined, { event, properties }: VariableSource): JsonObject[] {
  if (Array.isArray(products)) return products.filter(isJsonObject);
  return event !== undefined && SINGLE_PRODUCT_EVENTS.has(event) ? [properties] : [];
}

/**
 * Adobe's products string: `category;name;quantity;total;events;eVars` for each product, joined by commas. The total is price by quantity;
 * without them, 1 and 0. What Adobe reads as a separator becomes a blank in names and values.
 */
export const productsString = (
  products: readonly JsonObject[],
  identifier: ProductIdentifier,
  merchandising: Merchandising,
  source: VariableSource,
): string => products.map((product) => productString(product, identifier, merchandising, source)).join(',');

function productString(
  product: JsonObject,
  identifier: ProductIdentifier,
  { events, productEVars }: Merchandising,
  source: VariableSource,
): string {
  const quantity = numberOf(own(product, 'quantity')) ?? 1;
  const price = numberOf(own(product, 'price')) ?? 0;
  const amounts = events.flatMap(({ name, scope, property }) => {
    const amount =
      scope === 'product' && property !== undefined ? numberOf(productValue(property, product, source)) : undefined;
    return amount === undefined ? [] : [`${name}=${amount}`];
  });
  const eVars = productEVars.flatMap(([key, name]) => {
    const text = textOf(productValue(key, product, source));
    return text === undefined ? [] : [`${name}=${cutBytes(plain(text), EVAR_BYTES_MAX)}`];
  });
  const parts = [
    nameIn(product, ['category']),
    nameIn(product, IDENTIFIERS[identifier]),
    String(quantity),
    (price * quantity).toFixed(2),
    ...(amounts.length + eVars.length > 0 ? [amounts.join('|')] : []),
    ...(eVars.length > 0 ? [eVars.join('|')] : []),
  ];
  return parts.join(';');
}

function nameIn(product: JsonObject, keys: readonly string[]): string {
  const texts = keys.flatMap((key) => textOf(own(product, key)) ?? []);
  return cutBytes(plain(texts[0] ?? ''), NAME_BYTES_MAX);
}

const plain = (text: string): string => text.replaceAll(/[;,|]/g, ' ');
