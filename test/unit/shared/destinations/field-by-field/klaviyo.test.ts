import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { presetRequests } from '../../../../builders/preset-requests.ts';
import { aSpecEvent } from '../../../../builders/spec-events.ts';

/** Every request whole, as literals: method, URL, headers beside the usual ones, body. What differs is a change that the tool sees. */
let destination: Awaited<ReturnType<typeof presetRequests>>;

beforeAll(async () => {
  destination = await presetRequests(
    'klaviyo',
    (_arrival, response) =>
      void response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: { id: 'prof-1' } })),
  );
});
afterAll(async () => await destination.close());

const SETTINGS: JsonObject = { api_key: 'kl-key' };
/** Klaviyo has no presets: the defaults of an action, and what a person fills in. */
const sent = async (action: string, event: JsonObject) =>
  await destination.sendByPresets(SETTINGS, event, {
    actions: [action],
    fields: { profile: { email: 'ada@example.com', external_id: 'u1' } },
  });

test('an order', async () => {
  await expect(sent('trackEvent', aSpecEvent('track'))).resolves.toEqual([
    {
      preset: 'trackEvent',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://a.klaviyo.com/api/event-bulk-create-jobs/',
          headers: {
            authorization: 'Klaviyo-API-Key kl-key',
            'content-type': 'application/json',
            revision: '2025-01-15',
          },
          body: {
            data: {
              type: 'event-bulk-create-job',
              attributes: {
                'events-bulk-create': {
                  data: [
                    {
                      type: 'event-bulk-create',
                      attributes: {
                        profile: {
                          data: { type: 'profile', attributes: { email: 'ada@example.com', external_id: 'u1' } },
                        },
                        events: {
                          data: [
                            {
                              type: 'event',
                              attributes: {
                                metric: { data: { type: 'metric', attributes: { name: 'Order Completed' } } },
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
                                time: '2026-11-24T09:59:59.123Z',
                                unique_id: 'ajs-track-1',
                              },
                            },
                          ],
                        },
                      },
                    },
                  ],
                },
              },
            },
          },
        },
      ],
    },
  ]);
});

test('an identify call', async () => {
  await expect(sent('upsertProfile', aSpecEvent('identify'))).resolves.toEqual([
    {
      preset: 'upsertProfile',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://a.klaviyo.com/api/profiles/',
          headers: {
            authorization: 'Klaviyo-API-Key kl-key',
            'content-type': 'application/json',
            revision: '2025-01-15',
          },
          body: {
            data: {
              type: 'profile',
              attributes: {
                email: 'ada@example.com',
                first_name: 'Ada',
                last_name: 'Lovelace',
                location: { city: 'Bath', region: 'Somerset', address1: '1 Royal Crescent', country: 'GB' },
              },
            },
          },
        },
      ],
    },
  ]);
});
