/** A typical event of about 1 KB, as the official SDKs send them: of one of a thousand users, or of a `device` that nobody has named. */
export const sampleEvent = (number: number, device?: number) => ({
  type: 'track',
  event: 'Product Viewed',
  messageId: `node-next-1764000000000-${String(number).padStart(36, '0')}`,
  ...(device === undefined
    ? { userId: `user-${number % 1_000}` }
    : { anonymousId: `f47ac10b-58cc-4372-a567-${String(device).padStart(12, '0')}` }),
  timestamp: '2026-11-24T10:00:00.000Z',
  properties: {
    product_id: `sku-${number % 300}`,
    category: 'Garden',
    name: 'A watering can of zinc, 10 litres',
    brand: 'Rivulet',
    price: 39.9,
    currency: 'EUR',
    quantity: 1,
    position: number % 20,
    url: 'https://www.example.com/products/watering-can-of-zinc-10-litres',
    image_url: 'https://www.example.com/images/watering-can-of-zinc-10-litres.jpg',
  },
  context: {
    library: { name: '@segment/analytics-node', version: '3.1.0' },
    locale: 'en-GB',
    timezone: 'Europe/Berlin',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36',
    page: {
      path: '/products',
      referrer: 'https://www.example.com/',
      search: '?q=can',
      title: 'Products',
      url: 'https://www.example.com/products',
    },
  },
  integrations: {},
  _metadata: { nodeVersion: '24.21.0', jsRuntime: 'node' },
});

/** A request body with so many events, numbered from `from`. */
export const sampleBatch = (events: number, writeKey: string, from = 0, device?: number): string =>
  JSON.stringify({
    batch: Array.from({ length: events }, (_, index) => sampleEvent(from + index, device)),
    writeKey,
    sentAt: '2026-11-24T10:00:00.000Z',
  });
