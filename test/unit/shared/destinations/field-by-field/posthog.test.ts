import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { presetRequests } from '../../../../builders/preset-requests.ts';
import { aSpecEvent } from '../../../../builders/spec-events.ts';

/** Every request whole, as literals: method, URL, headers beside the usual ones, body. What differs is a change that the tool sees. */
let destination: Awaited<ReturnType<typeof presetRequests>>;

beforeAll(async () => {
  destination = await presetRequests('posthog');
});
afterAll(async () => await destination.close());

const SETTINGS: JsonObject = { api_key: 'phc_key', project_id: '12', endpoint: 'https://us.i.posthog.com' };
const sent = async (event: JsonObject) => await destination.sendByPresets(SETTINGS, event);

test('an order', async () => {
  await expect(sent(aSpecEvent('track'))).resolves.toEqual([
    {
      preset: 'Track Event',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://us.i.posthog.com/batch/',
          headers: { 'content-type': 'application/json' },
          body: {
            api_key: 'phc_key',
            batch: [
              {
                event: 'Order Completed',
                timestamp: '2026-11-24T10:00:00.000Z',
                properties: {
                  order_id: 'o-1',
                  affiliation: 'Web',
                  total: 30,
                  revenue: 25,
                  shipping: 3,
                  tax: 2,
                  discount: 1.5,
                  coupon: 'SPRING',
                  currency: 'GBP',
                  products: [
                    {
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
                    },
                  ],
                  distinct_id: 'u1',
                  $process_person_profile: false,
                  $ip: '203.0.113.7',
                },
              },
            ],
          },
        },
      ],
    },
  ]);
});

test('a track call of one’s own', async () => {
  await expect(sent(aSpecEvent('track', { event: 'Cup Seen' }))).resolves.toEqual([
    {
      preset: 'Track Event',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://us.i.posthog.com/batch/',
          headers: { 'content-type': 'application/json' },
          body: {
            api_key: 'phc_key',
            batch: [
              {
                event: 'Cup Seen',
                timestamp: '2026-11-24T10:00:00.000Z',
                properties: {
                  order_id: 'o-1',
                  affiliation: 'Web',
                  total: 30,
                  revenue: 25,
                  shipping: 3,
                  tax: 2,
                  discount: 1.5,
                  coupon: 'SPRING',
                  currency: 'GBP',
                  products: [
                    {
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
                    },
                  ],
                  distinct_id: 'u1',
                  $process_person_profile: false,
                  $ip: '203.0.113.7',
                },
              },
            ],
          },
        },
      ],
    },
  ]);
});

test('a page call', async () => {
  await expect(sent(aSpecEvent('page'))).resolves.toEqual([
    {
      preset: 'Page View',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://us.i.posthog.com/batch/',
          headers: { 'content-type': 'application/json' },
          body: {
            api_key: 'phc_key',
            batch: [
              {
                event: '$pageview',
                timestamp: '2026-11-24T10:00:00.000Z',
                properties: {
                  path: '/cups',
                  referrer: 'https://search.example/?q=cups',
                  search: '?utm_source=newsletter',
                  title: 'Cups',
                  url: 'https://shop.example/cups?utm_source=newsletter',
                  name: 'Cups',
                  $current_url: 'https://shop.example/cups?utm_source=newsletter',
                  distinct_id: 'u1',
                  $process_person_profile: false,
                  $ip: '203.0.113.7',
                },
              },
            ],
          },
        },
      ],
    },
  ]);
});

test('a screen call', async () => {
  await expect(sent(aSpecEvent('screen'))).resolves.toEqual([
    {
      preset: 'Screen View',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://us.i.posthog.com/batch/',
          headers: { 'content-type': 'application/json' },
          body: {
            api_key: 'phc_key',
            batch: [
              {
                event: '$screen',
                timestamp: '2026-11-24T10:00:00.000Z',
                properties: {
                  variant: 'large',
                  $screen_name: 'Cup',
                  distinct_id: 'u1',
                  $process_person_profile: false,
                  $ip: '203.0.113.7',
                },
              },
            ],
          },
        },
      ],
    },
  ]);
});

test('an identify call', async () => {
  await expect(sent(aSpecEvent('identify'))).resolves.toEqual([
    {
      preset: 'Identify',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://us.i.posthog.com/i/v0/e/',
          headers: { 'content-type': 'application/json' },
          body: {
            event: '$identify',
            api_key: 'phc_key',
            distinct_id: 'u1',
            properties: {
              $set: {
                email: 'ada@example.com',
                firstName: 'Ada',
                lastName: 'Lovelace',
                name: 'Ada Lovelace',
                phone: '+441225000000',
                plan: 'free',
                createdAt: '2026-01-02T03:04:05.000Z',
                address: {
                  city: 'Bath',
                  country: 'GB',
                  postalCode: 'BA1 1AA',
                  state: 'Somerset',
                  street: '1 Royal Crescent',
                },
              },
              $ip: '203.0.113.7',
            },
            timestamp: '2026-11-24T09:59:59.123Z',
          },
        },
      ],
    },
  ]);
});

test.each(['group', 'alias'] as const)('no preset is for %s', async (type) => {
  await expect(sent(aSpecEvent(type))).resolves.toEqual([]);
});
