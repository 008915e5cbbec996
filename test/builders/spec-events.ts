import type { EventType } from '../../shared/domain/event.ts';
import type { JsonObject } from '../../shared/domain/json.ts';

/** What a browser says of itself, every field of the spec that it fills. */
const CONTEXT: JsonObject = {
  app: { name: 'Shop', version: '5.4.1', build: '541' },
  campaign: { name: 'spring', source: 'newsletter', medium: 'email', term: 'cups', content: 'header' },
  device: { id: 'device-1', manufacturer: 'Acme', model: 'Phone 7', name: 'Phone', type: 'android' },
  ip: '203.0.113.7',
  library: { name: 'analytics.js', version: '2.11.1' },
  locale: 'en-GB',
  location: { city: 'Bath', country: 'United Kingdom', latitude: 51.38, longitude: -2.36, region: 'Somerset' },
  network: { carrier: 'Telco', cellular: false, wifi: true },
  os: { name: 'Android', version: '16' },
  page: {
    path: '/cups',
    referrer: 'https://search.example/?q=cups',
    search: '?utm_source=newsletter',
    title: 'Cups',
    url: 'https://shop.example/cups?utm_source=newsletter',
  },
  screen: { density: 2, height: 2400, width: 1080 },
  timezone: 'Europe/London',
  userAgent:
    'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
};

const TRAITS: JsonObject = {
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  name: 'Ada Lovelace',
  phone: '+441225000000',
  plan: 'free',
  createdAt: '2026-01-02T03:04:05.000Z',
  address: { city: 'Bath', country: 'GB', postalCode: 'BA1 1AA', state: 'Somerset', street: '1 Royal Crescent' },
};

const PRODUCT: JsonObject = {
  product_id: 'p-1',
  sku: 'cup-blue',
  name: 'Blue Cup',
  category: 'Cups',
  brand: 'Acme',
  variant: 'large',
  price: 12.5,
  quantity: 2,
  position: 1,
  coupon: 'SPRING',
  url: 'https://shop.example/cups/blue',
  image_url: 'https://shop.example/cups/blue.png',
};

const ORDER: JsonObject = {
  order_id: 'o-1',
  affiliation: 'Web',
  total: 30,
  revenue: 25,
  shipping: 3,
  tax: 2,
  discount: 1.5,
  coupon: 'SPRING',
  currency: 'GBP',
  products: [PRODUCT],
};

const BY_TYPE: Record<EventType, JsonObject> = {
  track: { event: 'Order Completed', properties: ORDER },
  page: { name: 'Cups', category: 'Catalog', properties: { ...(CONTEXT['page'] as JsonObject), name: 'Cups' } },
  screen: { name: 'Cup', category: 'Catalog', properties: { variant: 'large' } },
  identify: { traits: TRAITS },
  group: {
    groupId: 'g1',
    traits: {
      name: 'Analytical Engines',
      industry: 'Machines',
      employees: 12,
      plan: 'team',
      website: 'https://ae.example',
    },
  },
  alias: { previousId: 'u0' },
};

/** An event of the spec with all that its type may have, as it leaves route. */
export const aSpecEvent = (type: EventType, over: JsonObject = {}): JsonObject => ({
  type,
  messageId: `ajs-${type}-1`,
  userId: 'u1',
  anonymousId: 'a1',
  timestamp: '2026-11-24T09:59:59.123Z',
  originalTimestamp: '2026-11-24T09:59:58.123Z',
  sentAt: '2026-11-24T09:59:59.000Z',
  receivedAt: '2026-11-24T10:00:00.000Z',
  channel: 'browser',
  context: CONTEXT,
  integrations: {},
  ...BY_TYPE[type],
  ...over,
});
