import type { DefinitionField } from '../../../shared/destinations/destination-definition.ts';
import type { Json, JsonObject } from '../../../shared/domain/json.ts';

/** Times of the sweep's events, so that what goes out is the same in every run. */
export const SWEEP_TIME = '2026-11-24T09:59:59.000Z';

/** What a field of this name holds in practice. The first pattern that fits the field's key counts. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/e?_?mail|^em$/i, 'ada@example.com'],
  [/phone|mobile|^ph$|^to$|number_e164/i, '+14155550123'],
  [/currency/i, 'USD'],
  [/country/i, 'US'],
  [/language|locale/i, 'en'],
  [/(^|_)ip($|_)|ip_?addr/i, '203.0.113.7'],
  [/user_?agent/i, 'Mozilla/5.0 (X11; Linux x86_64)'],
  [/url|uri|link|referr?er/i, 'https://www.example.com/cups'],
  [/zip|postal/i, '94107'],
  [/gender/i, 'f'],
  [/birth|dob/i, '19901224'],
  [/time_?zone/i, 'Europe/Berlin'],
  [/time|date|created|updated|(^|_)at$/i, SWEEP_TIME],
  [/price|revenue|amount|total|value|cost|rating/i, '12.5'],
  [/quantity|count|days/i, '2'],
];
const BY_FORMAT: Readonly<Record<string, string>> = {
  email: 'ada@example.com',
  uri: 'https://www.example.com/cups',
  hostname: 'www.example.com',
  ipv4: '203.0.113.7',
  ipv6: '2001:db8::7',
  date: '2026-11-24',
  time: '09:59:59Z',
  'date-time': SWEEP_TIME,
  'date-like': SWEEP_TIME,
  uuid: '0b5cf1a1-7a0c-4c5e-9a52-6d2a3c7d9e10',
  password: 'x',
};
const OBJECTS_DEEP_MAX = 4;

/** A value that fits a field: by its choices, format and type, else by its name. */
export function sampleOf(field: DefinitionField, depth = 0): Json {
  const one = oneSample(field, depth);
  return field.multiple && field.type !== 'object' ? [one] : field.multiple ? [one] : one;
}

function oneSample(field: DefinitionField, depth: number): Json {
  const [choice] = field.choices ?? [];
  if (choice !== undefined) return choice.value;
  switch (field.type) {
    case 'number':
    case 'integer':
      return 12;
    case 'boolean':
      return true;
    case 'datetime':
      return SWEEP_TIME;
    case 'object':
      return objectSample(field, depth);
    default:
      return BY_FORMAT[field.format ?? ''] ?? BY_NAME.find(([name]) => name.test(field.key))?.[1] ?? `a-${field.key}`;
  }
}

function objectSample(field: DefinitionField, depth: number): JsonObject {
  if (field.properties === undefined || depth >= OBJECTS_DEEP_MAX) return { plan: 'pro' };
  return Object.fromEntries(field.properties.map((each) => [each.key, sampleOf(each, depth + 1)]));
}
