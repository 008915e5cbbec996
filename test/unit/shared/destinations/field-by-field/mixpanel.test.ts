import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { presetRequests } from '../../../../builders/preset-requests.ts';
import { aSpecEvent } from '../../../../builders/spec-events.ts';

/** Every request whole, as literals: method, URL, headers beside the usual ones, body. What differs is a change that the tool sees. */
let destination: Awaited<ReturnType<typeof presetRequests>>;

beforeAll(async () => {
  destination = await presetRequests(
    'mixpanel',
    (_arrival, response) =>
      void response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ code: 200, status: 'OK', num_records_imported: 1 })),
  );
});
afterAll(async () => await destination.close());

const SETTINGS: JsonObject = { projectToken: 'mp-token', apiSecret: 'mp-secret', apiRegion: 'US 🇺🇸', strictMode: '1' };
const sent = async (event: JsonObject) => await destination.sendByPresets(SETTINGS, event);
/** The same in every event of this person, device and page. */
const COMMON = {
  ip: '203.0.113.7',
  id: 'u1',
  $anon_id: 'a1',
  distinct_id: 'u1',
  $app_build_number: '541',
  $app_version_string: '5.4.1',
  $app_name: 'Shop',
  $browser: 'Chrome',
  $browser_version: '140.0.0.0',
  $cellular_enabled: false,
  $carrier: 'Telco',
  $current_url: 'https://shop.example/cups?utm_source=newsletter',
  $device: 'Phone',
  $device_id: 'a1',
  $device_type: 'android',
  $device_name: 'Phone',
  $identified_id: 'u1',
  $lib_version: '2.11.1',
  $locale: 'en-GB',
  $manufacturer: 'Acme',
  $model: 'Phone 7',
  $os: 'Android',
  $os_version: '16',
  $referrer: 'https://search.example/?q=cups',
  $screen_height: 2400,
  $screen_width: 1080,
  $screen_density: 2,
  $source: 'tributary',
  $user_id: 'u1',
  $wifi_enabled: true,
  mp_country_code: 'United Kingdom',
  mp_lib: 'Tributary: analytics.js',
  utm_campaign: 'spring',
  utm_content: 'header',
  utm_medium: 'email',
  utm_source: 'newsletter',
  utm_term: 'cups',
  timezone: 'Europe/London',
};

test('an order', async () => {
  await expect(sent(aSpecEvent('track'))).resolves.toEqual([
    {
      preset: 'Order Completed Calls',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://api.mixpanel.com/import?strict=1',
          headers: { authorization: 'Basic bXAtc2VjcmV0Og==', 'content-type': 'application/json' },
          body: [
            {
              event: 'Order Completed',
              properties: {
                time: 1795514399123,
                $insert_id: 'ajs-track-1',
                event_original_name: 'Order Completed',
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
                ...COMMON,
              },
            },
            {
              event: 'Product Purchased',
              properties: {
                time: 1795514399122,
                $insert_id: '0ajs-track-1',
                event_original_name: 'Order Completed',
                order_id: 'o-1',
                product_id: 'p-1',
                sku: 'cup-blue',
                category: 'Cups',
                name: 'Blue Cup',
                brand: 'Acme',
                variant: 'large',
                price: 12.5,
                quantity: 2,
                coupon: 'SPRING',
                position: 1,
                url: 'https://shop.example/cups/blue',
                image_url: 'https://shop.example/cups/blue.png',
                ...COMMON,
              },
            },
          ],
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
          url: 'https://api.mixpanel.com/import?strict=1',
          headers: { authorization: 'Basic bXAtc2VjcmV0Og==', 'content-type': 'application/json' },
          body: [
            {
              event: 'Cup Seen',
              properties: {
                time: 1795514399123,
                $insert_id: 'ajs-track-1',
                event_original_name: 'Cup Seen',
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
                ...COMMON,
              },
            },
          ],
        },
      ],
    },
  ]);
});

test('a page call', async () => {
  await expect(sent(aSpecEvent('page'))).resolves.toEqual([
    {
      preset: 'Page Calls',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://api.mixpanel.com/import?strict=1',
          headers: { authorization: 'Basic bXAtc2VjcmV0Og==', 'content-type': 'application/json' },
          body: [
            {
              event: 'Viewed Cups',
              properties: {
                time: 1795514399123,
                $insert_id: 'ajs-page-1',
                event_original_name: 'Cups',
                path: '/cups',
                referrer: 'https://search.example/?q=cups',
                search: '?utm_source=newsletter',
                title: 'Cups',
                url: 'https://shop.example/cups?utm_source=newsletter',
                name: 'Cups',
                ...COMMON,
              },
            },
          ],
        },
      ],
    },
  ]);
});

test('a screen call', async () => {
  await expect(sent(aSpecEvent('screen'))).resolves.toEqual([
    {
      preset: 'Screen Calls',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://api.mixpanel.com/import?strict=1',
          headers: { authorization: 'Basic bXAtc2VjcmV0Og==', 'content-type': 'application/json' },
          body: [
            {
              event: 'Viewed Cup',
              properties: {
                time: 1795514399123,
                $insert_id: 'ajs-screen-1',
                event_original_name: 'Cup',
                variant: 'large',
                ...COMMON,
              },
            },
          ],
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
          url: 'https://api.mixpanel.com/track',
          headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
          body: {
            data: { event: '$identify', properties: { $identified_id: 'u1', $anon_id: 'a1', token: 'mp-token' } },
          },
        },
        {
          method: 'POST',
          url: 'https://api.mixpanel.com/engage',
          headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
          body: {
            data: {
              $token: 'mp-token',
              $distinct_id: 'u1',
              $ip: '203.0.113.7',
              $set: {
                plan: 'free',
                address: {
                  city: 'Bath',
                  country: 'GB',
                  postalCode: 'BA1 1AA',
                  state: 'Somerset',
                  street: '1 Royal Crescent',
                },
                $created: '2026-01-02T03:04:05.000Z',
                $email: 'ada@example.com',
                $first_name: 'Ada',
                $last_name: 'Lovelace',
                $name: 'Ada Lovelace',
                $phone: '+441225000000',
              },
            },
          },
        },
      ],
    },
  ]);
});

test('a group call', async () => {
  await expect(sent(aSpecEvent('group'))).resolves.toEqual([
    {
      preset: 'Group Calls',
      outcome: { outcome: 'delivered' },
      requests: [
        {
          method: 'POST',
          url: 'https://api.mixpanel.com/groups',
          headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
          body: {
            data: {
              $token: 'mp-token',
              $group_key: '$group_id',
              $group_id: 'g1',
              $set: {
                industry: 'Machines',
                employees: 12,
                plan: 'team',
                website: 'https://ae.example',
                $name: 'Analytical Engines',
              },
            },
          },
        },
      ],
    },
  ]);
});

test.each(['alias'] as const)('no preset is for %s', async (type) => {
  await expect(sent(aSpecEvent(type))).resolves.toEqual([]);
});
