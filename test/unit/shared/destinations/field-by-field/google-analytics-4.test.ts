import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { presetRequests } from '../../../../builders/preset-requests.ts';
import { aSpecEvent } from '../../../../builders/spec-events.ts';

/** Every request whole, as literals: method, URL, headers beside the usual ones, body. What differs is a change that the tool sees. */
let destination: Awaited<ReturnType<typeof presetRequests>>;

beforeAll(async () => {
  destination = await presetRequests('google-analytics-4');
});
afterAll(async () => await destination.close());

const SETTINGS: JsonObject = { measurementId: 'G-TEST123', apiSecret: 'ga-secret' };
const sent = async (event: JsonObject) => await destination.sendByPresets(SETTINGS, event);

test('an order', async () => {
  await expect(sent(aSpecEvent('track'))).resolves.toEqual([
    {
      preset: 'Purchase',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://www.google-analytics.com/mp/collect?api_secret=ga-secret&measurement_id=G-TEST123',
          headers: { 'content-type': 'application/json' },
          body: {
            client_id: 'u1',
            events: [
              {
                name: 'purchase',
                params: {
                  affiliation: 'Web',
                  coupon: 'SPRING',
                  currency: 'GBP',
                  items: [
                    {
                      item_id: 'p-1',
                      item_name: 'Blue Cup',
                      coupon: 'SPRING',
                      index: 1,
                      item_brand: 'Acme',
                      item_category: 'Cups',
                      item_variant: 'large',
                      price: 12.5,
                      quantity: 2,
                    },
                  ],
                  transaction_id: 'o-1',
                  shipping: 3,
                  value: 30,
                  tax: 2,
                  engagement_time_msec: 1,
                },
              },
            ],
            timestamp_micros: 1795514399123000,
          },
        },
      ],
    },
  ]);
});

test('a track call of one’s own', async () => {
  await expect(sent(aSpecEvent('track', { event: 'Cup Seen' }))).resolves.toEqual([
    {
      preset: 'Custom Event',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://www.google-analytics.com/mp/collect?api_secret=ga-secret&measurement_id=G-TEST123',
          headers: { 'content-type': 'application/json' },
          body: {
            client_id: 'u1',
            events: [{ name: 'Cup_Seen', params: { engagement_time_msec: 1 } }],
            timestamp_micros: 1795514399123000,
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
          url: 'https://www.google-analytics.com/mp/collect?api_secret=ga-secret&measurement_id=G-TEST123',
          headers: { 'content-type': 'application/json' },
          body: {
            client_id: 'u1',
            events: [
              {
                name: 'page_view',
                params: {
                  page_location: 'https://shop.example/cups?utm_source=newsletter',
                  page_referrer: 'https://search.example/?q=cups',
                  page_title: 'Cups',
                  engagement_time_msec: 1,
                },
              },
            ],
            timestamp_micros: 1795514399123000,
          },
        },
      ],
    },
  ]);
});

test.each(['screen', 'identify', 'group', 'alias'] as const)('no preset is for %s', async (type) => {
  await expect(sent(aSpecEvent(type))).resolves.toEqual([]);
});
