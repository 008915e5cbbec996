import { onSource } from '../../../../builders/api-people.ts';
import { deliveryWorld } from '../../../../builders/delivery-world.ts';
import { aDeliveryLine, aDestinationDetail, aSourceDetail, aSourceLine } from '../../../../builders/fake-delivery.ts';

type Page = {
  from: string;
  to: string;
  previous: { from: string; to: string };
  starts: string[];
  received: number;
  steps: {
    step: string;
    count: number;
    share: number | null;
    change: number | null;
    series: number[];
    breakdown: unknown[];
    discards: { reason: string; count: number; advice: string }[];
  }[];
  delivery?: Record<string, unknown>;
};

async function setUp() {
  const world = await deliveryWorld();
  const { books } = world;
  books.waiting.set('dst_1', 4);
  books.source(
    '2026-11-26T09:30:00.000Z',
    aSourceDetail([aSourceLine(100, { invalid: { id_required: 10 }, blocked: { event_setting: 20 }, routed: 70 })], {
      connections: {
        dst_1: [
          {
            kind: ['track', 'Order Completed', '1.0'],
            filtered: { NO_MATCHING_MAPPING: 15, FILTERED_BY_RULES: 5 },
            queued: 50,
          },
        ],
      },
    }),
  );
  // The hour before: half as many, none of them bad.
  books.source('2026-11-26T08:30:00.000Z', aSourceDetail([aSourceLine(50)]));
  books.destination(
    '2026-11-26T09:30:00.000Z',
    aDestinationDetail(
      [
        aDeliveryLine(30, { retry: 8, untried: 5, kind: ['track', 'Order Completed', '1.0'] }),
        aDeliveryLine(5, { mappingId: 'map_2', discarded: { '400': 7 } }),
      ],
      { latency: [0, 35] },
    ),
  );
  books.destination(
    '2026-11-26T09:45:00.000Z',
    aDestinationDetail([aDeliveryLine(0, { onRetry: 8, retried: 8 })], { latency: [0, 0, 8] }),
  );
  books.destination('2026-11-26T08:30:00.000Z', aDestinationDetail([aDeliveryLine(25)]));
  const page = async (query: string, at = '/app-api/destinations/dst_1/delivery'): Promise<Page> =>
    (await world.call('GET', at, { query })).data;
  return { ...world, page };
}

test('one call shows each step with count, share of what came and change, and what was delivered in which way (G02, G08)', async () => {
  const { page, books } = await setUp();
  const { steps, delivery, received, previous, from, to } = await page('range=1h');
  expect([from, to, previous]).toEqual([
    '2026-11-26T09:01:00.000Z',
    '2026-11-26T10:01:00.000Z',
    { from: '2026-11-26T08:01:00.000Z', to: '2026-11-26T09:01:00.000Z' },
  ]);
  expect(received).toBe(100);
  expect(steps.map(({ step, count, share, change }) => [step, count, share, change])).toEqual([
    ['SUCCESSFULLY_RECEIVED', 90, 90, -10],
    ['FAILED_ON_INGEST', 10, 10, 10],
    ['FILTERED_AT_SOURCE', 20, 20, 20],
    ['FILTERED_AT_DESTINATION', 20, 20, 20],
    ['FAILED_DELIVERY', 7, 7, 7],
    ['SUCCESSFUL_DELIVERY', 43, 43, -7],
  ]);
  expect(delivery).toMatchObject({
    firstTry: 35,
    onRetry: 8,
    failed: 7,
    unsupported: 15,
    pendingRetries: 4,
    p95Ms: 25,
  });
  // Of eight that went on five had no turn: the tool was asked three times in vain.
  const retries = delivery?.['retrySeries'] as number[];
  expect(retries.reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(steps[4]?.discards).toMatchObject([{ reason: '400', count: 7, advice: expect.stringContaining('malformed') }]);
  // Source and destination, now and before: four reads of details, however many steps.
  expect(books.reads).toHaveLength(4);
});

test('a subscription narrows the last steps, and leaves those that know none', async () => {
  const { page } = await setUp();
  const { steps, delivery } = await page('range=1h&subscriptionId=map_2');
  expect(steps.map(({ count }) => count)).toEqual([90, 10, 20, 20, 7, 5]);
  expect(delivery).toMatchObject({ firstTry: 5, onRetry: 0, failed: 7 });
  const other = await page('range=1h&subscriptionId=map_1');
  expect(other.steps.map(({ count }) => count).slice(-2)).toEqual([0, 38]);
});

test.each([
  ['range=10m', 'minute', 10],
  ['range=1h', 'minute', 60],
  ['range=24h', 'hour', 25],
  ['range=7d', 'hour', 169],
  ['range=14d', 'hour', 337],
  ['from=2026-11-26T06:00:00Z&to=2026-11-26T10:00:00Z', 'minute', 240],
  ['from=2026-11-12T10:00:00Z&to=2026-11-26T10:00:00Z', 'hour', 336],
])('the time picker %s gives a series by %s with %i points (G09)', async (query, step, points) => {
  const { page, books } = await setUp();
  const { starts, steps } = await page(query);
  expect([starts.length, steps[0]?.series.length]).toEqual([points, points]);
  expect(books.reads.every((read) => read.endsWith(` ${step}`))).toBe(true);
});

test.each([
  ['range=30d', 'range', '"7d"|"14d"'],
  ['range=99d', 'range', '"7d"|"14d"'],
  ['from=2026-11-01T00:00:00Z&to=2026-11-20T00:00:00Z', 'from', '14 days'],
  ['from=2026-08-01T00:00:00Z&to=2026-08-02T00:00:00Z', 'from', '60 days'],
  ['range=1h&from=2026-11-26T00:00:00Z', 'range', 'either'],
  ['to=2026-11-26T00:00:00Z', 'from', 'to needs a from'],
  ['from=2026-11-26T09:00:00Z&to=2026-11-26T08:00:00Z', 'from', 'before to'],
  ['from=2027-01-01T00:00:00Z', 'from', 'in the past'],
])('%s is refused', async (query, field, message) => {
  const { call } = await setUp();
  expect(await call('GET', '/app-api/destinations/dst_1/delivery', { query })).toMatchObject({
    status: 422,
    errors: [{ field, message: expect.stringContaining(message) }],
  });
});

test('by the hour a range and the one before it begin with whole hours, and end alike; long ago there are no minutes', async () => {
  const { page, advance } = await setUp();
  advance(17 * 60_000);
  const day = await page('range=24h');
  expect([day.from, day.to, day.previous]).toEqual([
    '2026-11-25T10:00:00.000Z',
    '2026-11-26T10:18:00.000Z',
    { from: '2026-11-24T09:00:00.000Z', to: '2026-11-25T09:18:00.000Z' },
  ]);
  const old = await page('from=2026-11-10T10:20:00Z&to=2026-11-10T11:20:00Z');
  expect([old.from, old.to, old.starts.length, old.previous]).toEqual([
    '2026-11-10T10:00:00.000Z',
    '2026-11-10T12:00:00.000Z',
    2,
    { from: '2026-11-10T08:00:00.000Z', to: '2026-11-10T10:00:00.000Z' },
  ]);
});

test('the same for a source: its own three steps', async () => {
  const { page } = await setUp();
  const { steps, delivery } = await page('range=1h', '/app-api/sources/src_1/delivery');
  expect(steps.map(({ step, count }) => [step, count])).toEqual([
    ['SUCCESSFULLY_RECEIVED', 90],
    ['FAILED_ON_INGEST', 10],
    ['FILTERED_AT_SOURCE', 20],
  ]);
  expect(delivery).toBeUndefined();
});

test('the present minute is shown: nothing is held back (G11)', async () => {
  const { page, books } = await setUp();
  books.source('2026-11-26T10:00:00.000Z', aSourceDetail([aSourceLine(3)]));
  expect((await page('range=10m')).received).toBe(3);
});

test('who may not see the source sees neither page, nor a foreign subscription', async () => {
  const { call, token } = await setUp();
  const bearer = await token([onSource('source-read-only', 'src_2')]);
  const status = async (path: string, query = '', as: string | undefined = bearer) =>
    (await call('GET', path, { query, bearer: as })).status;
  expect(await status('/app-api/destinations/dst_1/delivery')).toBe(404);
  expect(await status('/app-api/sources/src_1/delivery')).toBe(404);
  expect(await status('/app-api/destinations/dst_2/delivery')).toBe(200);
  expect(await status('/app-api/destinations/dst_2/delivery', 'subscriptionId=map_1')).toBe(404);
  expect(await status('/app-api/destinations/dst_9/delivery')).toBe(404);
});
