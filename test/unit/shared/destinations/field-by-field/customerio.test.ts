import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { presetRequests } from '../../../../builders/preset-requests.ts';
import { aSpecEvent } from '../../../../builders/spec-events.ts';

/** Every request whole, as literals: method, URL, headers beside the usual ones, body. What differs is a change that the tool sees. */
let destination: Awaited<ReturnType<typeof presetRequests>>;

beforeAll(async () => {
  destination = await presetRequests('customerio');
});
afterAll(async () => await destination.close());

const SETTINGS: JsonObject = { siteId: 'cio-site', apiKey: 'cio-key', accountRegion: 'US 🇺🇸' };
const sent = async (event: JsonObject) => await destination.sendByPresets(SETTINGS, event);

test('an order', async () => {
  await expect(sent(aSpecEvent('track'))).resolves.toEqual([
    {
      preset: 'Track Event',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://track.customer.io/api/v2/batch',
          headers: { 'content-type': 'application/json', authorization: 'Basic Y2lvLXNpdGU6Y2lvLWtleQ==' },
          body: {
            batch: [
              {
                type: 'person',
                action: 'event',
                name: 'Order Completed',
                id: 'ajs-track-1',
                attributes: {
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
                  anonymous_id: 'a1',
                },
                timestamp: 1795514399,
                identifiers: { id: 'u1' },
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
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://track.customer.io/api/v2/batch',
          headers: { 'content-type': 'application/json', authorization: 'Basic Y2lvLXNpdGU6Y2lvLWtleQ==' },
          body: {
            batch: [
              {
                type: 'person',
                action: 'event',
                name: 'Cup Seen',
                id: 'ajs-track-1',
                attributes: {
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
                  anonymous_id: 'a1',
                },
                timestamp: 1795514399,
                identifiers: { id: 'u1' },
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
      preset: 'Track Page View',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://track.customer.io/api/v2/batch',
          headers: { 'content-type': 'application/json', authorization: 'Basic Y2lvLXNpdGU6Y2lvLWtleQ==' },
          body: {
            batch: [
              {
                type: 'person',
                action: 'page',
                name: 'https://shop.example/cups?utm_source=newsletter',
                attributes: {
                  path: '/cups',
                  referrer: 'https://search.example/?q=cups',
                  search: '?utm_source=newsletter',
                  title: 'Cups',
                  url: 'https://shop.example/cups?utm_source=newsletter',
                  name: 'Cups',
                  anonymous_id: 'a1',
                },
                id: 'ajs-page-1',
                timestamp: 1795514399,
                identifiers: { id: 'u1' },
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
      preset: 'Track Screen View',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://track.customer.io/api/v2/batch',
          headers: { 'content-type': 'application/json', authorization: 'Basic Y2lvLXNpdGU6Y2lvLWtleQ==' },
          body: {
            batch: [
              {
                type: 'person',
                action: 'screen',
                name: 'Cup',
                attributes: { variant: 'large', anonymous_id: 'a1' },
                id: 'ajs-screen-1',
                timestamp: 1795514399,
                identifiers: { id: 'u1' },
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
      preset: 'Create or Update Person',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://track.customer.io/api/v2/batch',
          headers: { 'content-type': 'application/json', authorization: 'Basic Y2lvLXNpdGU6Y2lvLWtleQ==' },
          body: {
            batch: [
              {
                type: 'person',
                action: 'identify',
                attributes: {
                  email: 'ada@example.com',
                  firstName: 'Ada',
                  lastName: 'Lovelace',
                  name: 'Ada Lovelace',
                  phone: '+441225000000',
                  plan: 'free',
                  address: {
                    city: 'Bath',
                    country: 'GB',
                    postalCode: 'BA1 1AA',
                    state: 'Somerset',
                    street: '1 Royal Crescent',
                  },
                  created_at: 1767323045,
                  anonymous_id: 'a1',
                },
                timestamp: 1795514399,
                identifiers: { id: 'u1' },
              },
            ],
          },
        },
      ],
    },
  ]);
});

test('a group call', async () => {
  await expect(sent(aSpecEvent('group'))).resolves.toEqual([
    {
      preset: 'Create or Update Object',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://track.customer.io/api/v2/batch',
          headers: { 'content-type': 'application/json', authorization: 'Basic Y2lvLXNpdGU6Y2lvLWtleQ==' },
          body: {
            batch: [
              {
                type: 'object',
                action: 'identify',
                attributes: { anonymous_id: 'a1' },
                cio_relationships: [{ identifiers: { id: 'u1' } }],
                identifiers: { object_id: 'g1', object_type_id: '1' },
              },
            ],
          },
        },
      ],
    },
  ]);
});

test('an alias call', async () => {
  await expect(sent(aSpecEvent('alias'))).resolves.toEqual([
    {
      preset: 'Merge People',
      outcome: { outcome: 'delivered', status: 200 },
      requests: [
        {
          method: 'POST',
          url: 'https://track.customer.io/api/v2/batch',
          headers: { 'content-type': 'application/json', authorization: 'Basic Y2lvLXNpdGU6Y2lvLWtleQ==' },
          body: { batch: [{ type: 'person', action: 'merge', primary: { id: 'u1' }, secondary: { id: 'u0' } }] },
        },
      ],
    },
  ]);
});
