import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { presetRequests } from '../../../../builders/preset-requests.ts';
import { aSpecEvent } from '../../../../builders/spec-events.ts';

/** Every request whole, as literals: method, URL, headers beside the usual ones, body. What differs is a change that the tool sees. */
let destination: Awaited<ReturnType<typeof presetRequests>>;

beforeAll(async () => {
  destination = await presetRequests('iterable');
});
afterAll(async () => await destination.close());

const SETTINGS: JsonObject = { apiKey: 'it-key', dataCenterLocation: 'united_states' };
const sent = async (event: JsonObject) => await destination.sendByPresets(SETTINGS, event);

test('an order', async () => {
  await expect(sent(aSpecEvent('track'))).resolves.toEqual([
    {
      preset: 'Order Completed Calls',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://api.iterable.com/api/commerce/trackPurchase',
          headers: { 'api-key': 'it-key', 'content-type': 'application/json' },
          body: {
            id: 'o-1',
            user: { userId: 'u1', mergeNestedObjects: false, dataFields: {} },
            dataFields: {
              order_id: 'o-1',
              affiliation: 'Web',
              total: 30,
              revenue: 25,
              shipping: 3,
              tax: 2,
              discount: 1.5,
              coupon: 'SPRING',
              currency: 'GBP',
            },
            items: [
              {
                id: 'p-1',
                sku: 'cup-blue',
                name: 'Blue Cup',
                price: 12.5,
                quantity: 2,
                url: 'https://shop.example/cups/blue',
                imageUrl: 'https://shop.example/cups/blue.png',
                dataFields: {},
                categories: ['Cups'],
              },
            ],
            total: 30,
            createdAt: 1795514399,
          },
        },
      ],
    },
  ]);
});

test('a track call of one’s own', async () => {
  await expect(sent(aSpecEvent('track', { event: 'Cup Seen' }))).resolves.toEqual([
    {
      preset: 'Track Calls',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://api.iterable.com/api/events/trackBulk',
          headers: { 'api-key': 'it-key', 'content-type': 'application/json' },
          body: {
            events: [
              {
                userId: 'u1',
                eventName: 'Cup Seen',
                dataFields: {
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
                },
                id: 'ajs-track-1',
                createdAt: 1795514399,
                enable_batching: true,
                batch_size: 1001,
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
      preset: 'Identify Calls',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://api.iterable.com/api/users/bulkUpdate',
          headers: { 'api-key': 'it-key', 'content-type': 'application/json' },
          body: {
            users: [
              {
                email: 'ada@example.com',
                userId: 'u1',
                dataFields: {
                  email: 'ada@example.com',
                  firstName: 'Ada',
                  lastName: 'Lovelace',
                  name: 'Ada Lovelace',
                  phone: '+441225000000',
                  plan: 'free',
                  createdAt: '2026-01-02 03:04:05 +00:00',
                  address: {
                    city: 'Bath',
                    country: 'GB',
                    postalCode: 'BA1 1AA',
                    state: 'Somerset',
                    street: '1 Royal Crescent',
                  },
                  phoneNumber: '+441225000000',
                },
                mergeNestedObjects: false,
              },
            ],
          },
        },
      ],
    },
  ]);
});

test.each(['page', 'screen', 'group', 'alias'] as const)('no preset is for %s', async (type) => {
  await expect(sent(aSpecEvent(type))).resolves.toEqual([]);
});
