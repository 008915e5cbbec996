import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { presetRequests } from '../../../../builders/preset-requests.ts';
import { aSpecEvent } from '../../../../builders/spec-events.ts';

/** Every request whole, as literals: method, URL, headers beside the usual ones, body. What differs is a change that the tool sees. */
let destination: Awaited<ReturnType<typeof presetRequests>>;

beforeAll(async () => {
  destination = await presetRequests('braze');
});
afterAll(async () => await destination.close());

const SETTINGS: JsonObject = { api_key: 'brz-key', app_id: 'brz-app', endpoint: 'https://rest.iad-01.braze.com' };
/** What a person must fill in. */
const GIVEN = { fields: { source: 'web' } };
const sent = async (event: JsonObject) => await destination.sendByPresets(SETTINGS, event, GIVEN);

test('an order', async () => {
  await expect(sent(aSpecEvent('track'))).resolves.toEqual([
    {
      preset: 'Order Placed (beta)',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://rest.iad-01.braze.com/users/track',
          headers: { authorization: 'Bearer brz-key', 'content-type': 'application/json', 'x-braze-batch': 'true' },
          body: {
            events: [
              {
                external_id: 'u1',
                app_id: 'brz-app',
                name: 'ecommerce.order_placed',
                time: '2026-11-24T09:59:59.123Z',
                properties: {
                  currency: 'GBP',
                  source: 'web',
                  metadata: {},
                  products: [
                    {
                      quantity: 2,
                      product_id: 'p-1',
                      product_name: 'Blue Cup',
                      variant_id: 'large',
                      price: 12.5,
                      image_url: 'https://shop.example/cups/blue.png',
                      product_url: 'https://shop.example/cups/blue',
                    },
                  ],
                  total_value: 30,
                  order_id: 'o-1',
                  total_discounts: 1.5,
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
      preset: 'Track Calls',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://rest.iad-01.braze.com/users/track',
          headers: { authorization: 'Bearer brz-key', 'content-type': 'application/json' },
          body: {
            events: [
              {
                external_id: 'u1',
                app_id: 'brz-app',
                name: 'Cup Seen',
                time: '2026-11-24T10:00:00.000Z',
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
                },
                _update_existing_only: false,
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
          url: 'https://rest.iad-01.braze.com/users/track',
          headers: { authorization: 'Bearer brz-key', 'content-type': 'application/json' },
          body: {
            attributes: [
              {
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
                external_id: 'u1',
                country: 'United Kingdom',
                current_location: { latitude: 51.38, longitude: -2.36 },
                email: 'ada@example.com',
                first_name: 'Ada',
                home_city: 'Bath',
                last_name: 'Lovelace',
                _update_existing_only: false,
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
