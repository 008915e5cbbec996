import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { presetRequests } from '../../../../builders/preset-requests.ts';
import { aSpecEvent } from '../../../../builders/spec-events.ts';

/** Every request whole, as literals: method, URL, headers beside the usual ones, body. What differs is a change that the tool sees. */
let destination: Awaited<ReturnType<typeof presetRequests>>;

beforeAll(async () => {
  destination = await presetRequests('amplitude');
});
afterAll(async () => await destination.close());

const SETTINGS: JsonObject = { apiKey: 'amp-key', secretKey: 'amp-secret', endpoint: 'north_america' };
const sent = async (event: JsonObject) => await destination.sendByPresets(SETTINGS, event);
/** The same in every event of this person, device and page. */
const COMMON = {
  os_name: 'Android',
  os_version: '16',
  device_manufacturer: 'Acme',
  device_model: 'Phone 7',
  user_id: 'u1',
  device_id: 'device-1',
  app_version: '5.4.1',
  platform: 'Android',
  carrier: 'Telco',
  country: 'United Kingdom',
  region: 'Somerset',
  city: 'Bath',
  language: 'en-GB',
  location_lat: 51.38,
  location_lng: -2.36,
  ip: '203.0.113.7',
  idfv: 'device-1',
  use_batch_endpoint: false,
  time: 1795514399123,
  user_properties: {
    $set: {
      utm_source: 'newsletter',
      utm_medium: 'email',
      utm_campaign: 'spring',
      utm_term: 'cups',
      utm_content: 'header',
      referrer: 'https://search.example/?q=cups',
    },
    $setOnce: {
      initial_utm_source: 'newsletter',
      initial_utm_medium: 'email',
      initial_utm_campaign: 'spring',
      initial_utm_term: 'cups',
      initial_utm_content: 'header',
      initial_referrer: 'https://search.example/?q=cups',
    },
  },
  library: 'analytics.js',
};

test('an order', async () => {
  await expect(sent(aSpecEvent('track'))).resolves.toEqual([
    {
      preset: 'Order Completed Calls',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://api2.amplitude.com/2/httpapi',
          headers: { 'content-type': 'application/json' },
          body: {
            api_key: 'amp-key',
            events: [
              {
                device_type: 'mobile',
                event_type: 'Order Completed',
                event_properties: {
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
                insert_id: 'ajs-track-1',
                revenue: 25,
                revenueType: 'Purchase',
                ...COMMON,
              },
              {
                event_type: 'Product Purchased',
                event_properties: { price: 12.5, quantity: 2 },
                insert_id: 'ajs-track-1-2',
                ...COMMON,
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
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://api2.amplitude.com/2/httpapi',
          headers: { 'content-type': 'application/json' },
          body: {
            api_key: 'amp-key',
            events: [
              {
                device_type: 'mobile',
                event_type: 'Cup Seen',
                event_properties: {
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
                products: [{ price: 12.5, quantity: 2 }],
                insert_id: 'ajs-track-1',
                ...COMMON,
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
      preset: 'Page Calls',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://api2.amplitude.com/2/httpapi',
          headers: { 'content-type': 'application/json' },
          body: {
            api_key: 'amp-key',
            events: [
              {
                device_type: 'mobile',
                event_type: 'Viewed Cups',
                event_properties: {
                  path: '/cups',
                  referrer: 'https://search.example/?q=cups',
                  search: '?utm_source=newsletter',
                  title: 'Cups',
                  url: 'https://shop.example/cups?utm_source=newsletter',
                  name: 'Cups',
                },
                insert_id: 'ajs-page-1',
                ...COMMON,
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
      preset: 'Screen Calls',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://api2.amplitude.com/2/httpapi',
          headers: { 'content-type': 'application/json' },
          body: {
            api_key: 'amp-key',
            events: [
              {
                device_type: 'mobile',
                event_type: 'Viewed Cup',
                event_properties: { variant: 'large' },
                insert_id: 'ajs-screen-1',
                ...COMMON,
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
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://api2.amplitude.com/identify',
          headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
          body: {
            api_key: 'amp-key',
            identification: {
              os_name: 'Android',
              os_version: '16',
              device_manufacturer: 'Acme',
              device_model: 'Phone 7',
              device_type: 'mobile',
              user_id: 'u1',
              device_id: 'device-1',
              user_properties: {
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
                $set: {
                  utm_source: 'newsletter',
                  utm_medium: 'email',
                  utm_campaign: 'spring',
                  utm_term: 'cups',
                  utm_content: 'header',
                  referrer: 'https://search.example/?q=cups',
                },
                $setOnce: {
                  initial_utm_source: 'newsletter',
                  initial_utm_medium: 'email',
                  initial_utm_campaign: 'spring',
                  initial_utm_term: 'cups',
                  initial_utm_content: 'header',
                  initial_referrer: 'https://search.example/?q=cups',
                },
              },
              app_version: '5.4.1',
              platform: 'Android',
              carrier: 'Telco',
              country: 'United Kingdom',
              region: 'Somerset',
              city: 'Bath',
              language: 'en-GB',
              library: 'tributary',
            },
            options: 'undefined',
          },
        },
      ],
    },
  ]);
});

test.each(['group', 'alias'] as const)('no preset is for %s', async (type) => {
  await expect(sent(aSpecEvent(type))).resolves.toEqual([]);
});
