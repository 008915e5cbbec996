import { deliverySdk, deliveryWorld } from '../../../../builders/delivery-world.ts';
import { aDeliveryLine, aDestinationDetail, aSourceDetail, aSourceLine } from '../../../../builders/fake-delivery.ts';
import { outcomeOf, unwrap } from '../../../../builders/public-api-client.ts';

type World = Awaited<ReturnType<typeof deliveryWorld>>;
let world: World;
let sdk: Awaited<ReturnType<typeof deliverySdk>>;

const START = '2026-11-26T08:00:00.000Z';
const END = '2026-11-26T10:00:00.000Z';
const FIRST = '2026-11-26T08:10:00.000Z';
const SECOND = '2026-11-26T09:30:00.000Z';
const PAGE = { count: 100 };

beforeAll(async () => {
  world = await deliveryWorld();
  sdk = await deliverySdk(world);
  const { books } = world;
  books.source(
    FIRST,
    aSourceDetail(
      [
        aSourceLine(10, { invalid: { id_required: 2 }, duplicate: 1, blocked: { event_setting: 3 }, routed: 4 }),
        aSourceLine(5, { kind: ['page', 'Home', ''], suppressed: 1, routed: 4 }),
      ],
      {
        connections: {
          dst_1: [
            { kind: ['track', 'Order Completed', '1.0'], filtered: { FILTERED_BY_RULES: 1 }, queued: 3 },
            { kind: ['page', 'Home', ''], filtered: { UNSUPPORTED_EVENT_TYPE: 4 }, queued: 0 },
          ],
        },
      },
    ),
  );
  books.source(SECOND, aSourceDetail([aSourceLine(7)]));
  // Before the range, and at its end, which is not of it.
  books.source('2026-11-26T07:59:00.000Z', aSourceDetail([aSourceLine(1_000)]));
  books.source(END, aSourceDetail([aSourceLine(1_000)]));
  books.destination(
    FIRST,
    aDestinationDetail([
      aDeliveryLine(2, { retry: 10, untried: 7 }),
      aDeliveryLine(0, { mappingId: 'map_2', discarded: { '400': 4 }, deadLettered: { retry_window: 1 } }),
    ]),
  );
  books.destination(
    SECOND,
    aDestinationDetail([aDeliveryLine(1, { onRetry: 3, retried: 3, kind: ['track', 'Signed Up', '2.0'] })], {
      latency: [0, 0, 1, 3],
    }),
  );
});
afterAll(async () => await sdk.close());

const atDestination = (
  step: 'Filtered' | 'Failed' | 'Success',
  groupBy?: string[],
  filter?: object,
  mapping?: string,
) => {
  const api = sdk.deliveryOverview;
  const args = ['src_1', 'dst_1', START, END, 'hour', PAGE, groupBy, filter, mapping] as const;
  if (step === 'Filtered') return unwrap(api.getFilteredAtDestinationMetricsFromDeliveryOverview(...args));
  return step === 'Failed'
    ? unwrap(api.getEgressFailedMetricsFromDeliveryOverview(...args))
    : unwrap(api.getEgressSuccessMetricsFromDeliveryOverview(...args));
};

test('the official library reads every step of the pipeline to one, and the steps add up (G08)', async () => {
  const api = sdk.deliveryOverview;
  const args = ['src_1', START, END, 'hour', PAGE] as const;
  const received = await unwrap(api.getIngressSuccessMetricsFromDeliveryOverview(...args));
  const failed = await unwrap(api.getIngressFailedMetricsFromDeliveryOverview(...args));
  const atSource = await unwrap(api.getFilteredAtSourceMetricsFromDeliveryOverview(...args));
  expect(received).toEqual({
    total: 20,
    dataset: [
      {
        total: 20,
        series: [
          { time: START, count: 13 },
          { time: '2026-11-26T09:00:00.000Z', count: 7 },
        ],
      },
    ],
    pagination: { current: 'MA==', totalEntries: 1 },
  });
  expect([failed.total, atSource.total]).toEqual([2, 5]);
  const [filtered, lost, delivered] = await Promise.all([
    atDestination('Filtered'),
    atDestination('Failed'),
    atDestination('Success'),
  ]);
  expect([filtered.total, lost.total, delivered.total]).toEqual([5, 5, 6]);
  // Retries that go on, and deliveries that took more than one try.
  expect([lost.dataset[0]?.totalRetryCount, delivered.dataset[0]?.totalRetryCount]).toEqual([3, 3]);
  expect(delivered.dataset[0]?.series).toEqual([
    { time: START, count: 2 },
    { time: '2026-11-26T09:00:00.000Z', count: 4, retryCount: 3 },
  ]);
});

test('groups are told apart by name, call, version, reason and subscription (G12, G13, G14)', async () => {
  const api = sdk.deliveryOverview;
  const rowsOf = (data: { dataset: { total: number }[] }) =>
    data.dataset.map(({ series: _series, ...row }: { total: number; series?: unknown }) => row);
  const failed = await unwrap(
    api.getIngressFailedMetricsFromDeliveryOverview('src_1', START, END, 'hour', PAGE, ['discardReason', 'eventName']),
  );
  expect(rowsOf(failed)).toEqual([{ discardReason: 'id_required', eventName: 'Order Completed', total: 2 }]);
  const atSource = await unwrap(
    api.getFilteredAtSourceMetricsFromDeliveryOverview('src_1', START, END, 'hour', PAGE, [
      'discardReason',
      'eventType',
    ]),
  );
  expect(rowsOf(atSource)).toEqual([
    { discardReason: 'duplicate', eventType: 'track', total: 1 },
    { discardReason: 'event_setting', eventType: 'track', total: 3 },
    { discardReason: 'suppressed', eventType: 'page', total: 1 },
  ]);
  expect(rowsOf(await atDestination('Filtered', ['discardReason', 'eventName']))).toEqual([
    { discardReason: 'FILTERED_BY_RULES', eventName: 'Order Completed', total: 1 },
    { discardReason: 'UNSUPPORTED_EVENT_TYPE', eventName: 'Home', total: 4 },
  ]);
  expect(rowsOf(await atDestination('Failed', ['discardReason']))).toEqual([
    { discardReason: '400', total: 4 },
    { discardReason: 'retry_window', total: 1 },
  ]);
  expect(rowsOf(await atDestination('Success', ['eventName', 'appVersion']))).toEqual([
    { eventName: 'Order Completed', appVersion: '1.0', total: 2 },
    { eventName: 'Signed Up', appVersion: '2.0', total: 4, totalRetryCount: 3 },
  ]);
  // The library drops what its shape has no room for.
  const raw = await world.call('GET', '/delivery-overview/failed-delivery', {
    query: `sourceId=src_1&destinationConfigId=dst_1&startTime=${START}&endTime=${END}&granularity=HOUR&groupBy=subscriptionId`,
  });
  expect(raw.data).toMatchObject({
    total: 5,
    dataset: [
      { subscriptionId: 'map_1', total: 0, totalRetryCount: 3 },
      { subscriptionId: 'map_2', total: 5 },
    ],
  });
});

test('filters narrow by any of their values, and one subscription is named in either way', async () => {
  const only = await atDestination('Success', ['eventName'], { eventName: ['Signed Up', 'Nothing'] });
  expect([only.total, only.dataset.map(({ eventName }) => eventName)]).toEqual([4, ['Signed Up']]);
  const first = await atDestination('Success', [], { discardReason: ['successes.attempt.1'] });
  expect(first.total).toBe(3);
  expect((await atDestination('Failed', [], undefined, 'map_2')).total).toBe(5);
  expect((await atDestination('Failed', [], undefined, 'map_1')).total).toBe(0);
  // Its events never had one: the selector narrows the last steps only.
  expect((await atDestination('Filtered', [], undefined, 'map_1')).total).toBe(5);
  const none = await atDestination('Success', ['eventName'], { eventType: ['screen'] });
  expect(none).toMatchObject({ total: 0, dataset: [] });
});

test('pages of groups hold each group once, by cursors that are sealed', async () => {
  const { books } = world;
  const at = '2026-11-24T08:00:00.000Z';
  const lines = Array.from({ length: 25 }, (_, number) =>
    aSourceLine(1, { kind: ['track', `Event ${number} ${'☃'.repeat(180)}`, 'v'.repeat(64)] }),
  );
  books.source(at, aSourceDetail(lines));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await unwrap(
      sdk.deliveryOverview.getIngressSuccessMetricsFromDeliveryOverview(
        'src_1',
        '2026-11-24T00:00:00Z',
        '2026-11-25T00:00:00Z',
        'day',
        { count: 10, ...(cursor !== undefined && { cursor }) },
        ['eventName', 'appVersion'],
      ),
    );
    expect(page.total).toBe(25);
    seen.push(...page.dataset.map(({ eventName }) => eventName ?? ''));
    cursor = page.pagination.next ?? undefined;
  } while (cursor !== undefined && seen.length < 100);
  expect([seen.length, new Set(seen).size]).toEqual([25, 25]);
});

test('a range of a month begins with a whole hour: of what is long ago nothing smaller is kept', async () => {
  const month = await unwrap(
    sdk.deliveryOverview.getIngressSuccessMetricsFromDeliveryOverview(
      'src_1',
      '2026-10-27T10:20:00Z',
      '2026-11-26T10:00:00Z',
      'day',
      PAGE,
    ),
  );
  const times = month.dataset[0]?.series.map(({ time }) => time) ?? [];
  expect([times.length, times[0], times[1]]).toEqual([31, '2026-10-27T10:00:00.000Z', '2026-10-28T00:00:00.000Z']);
});

const ask = async (over: Record<string, string>, path = 'failed-delivery') => {
  const query = new URLSearchParams({
    sourceId: 'src_1',
    destinationConfigId: 'dst_1',
    startTime: START,
    endTime: END,
    granularity: 'HOUR',
    ...over,
  });
  return await world.call('GET', `/delivery-overview/${path}`, { query: query.toString() });
};

test.each([
  ['a range that ends before it begins', { endTime: START, startTime: END }, 'endTime', 'after startTime'],
  ['a start that is no moment', { startTime: 'yesterday' }, 'startTime', 'ISO 8601'],
  ['a start without an offset', { startTime: '2026-11-26T08:00:00' }, 'startTime', 'ISO 8601'],
  ['minutes of over 4 hours', { granularity: 'MINUTE', startTime: '2026-11-26T05:00:00Z' }, 'endTime', '4 hours'],
  [
    'minutes of over 48 hours ago',
    { granularity: 'minute', startTime: '2026-11-24T09:00:00Z', endTime: '2026-11-24T10:00:00Z' },
    'startTime',
    '48 hours',
  ],
  ['hours of over 14 days', { startTime: '2026-11-10T00:00:00Z' }, 'endTime', '14 days'],
  [
    'hours of over 30 days ago',
    { startTime: '2026-10-20T00:00:00Z', endTime: '2026-10-21T00:00:00Z' },
    'startTime',
    '30 days',
  ],
  ['days of over 30', { granularity: 'day', startTime: '2026-10-20T00:00:00Z' }, 'endTime', '30 days'],
  ['an end far in the future', { endTime: '2026-12-01T00:00:00Z', granularity: 'DAY' }, 'endTime', 'future'],
  ['a step that there is not', { granularity: 'week' }, 'granularity', 'expected one of'],
  ['a dimension of audiences', { groupBy: 'eventName,audienceId' }, 'groupBy.1', 'there are no audiences here'],
  ['a dimension that there is not', { groupBy: 'colour' }, 'groupBy.0', 'no such dimension'],
  ['a filter of audiences', { 'filter[spaceId][0]': 'x' }, 'filter.spaceId', 'there are no audiences here'],
  ['a later try', { 'filter[discardReason][0]': 'successes.attempt.2' }, 'filter.discardReason', 'not kept'],
  [
    'a subscription that the filter leaves out',
    { subscriptionId: 'map_1', 'filter[subscriptionId][0]': 'map_2' },
    'subscriptionId',
    'none of those',
  ],
])('%s is refused, and what is wrong is named', async (_case, over, field, message) => {
  const answer = await ask(over);
  expect(answer).toMatchObject({
    status: 422,
    errors: [{ type: 'input-validation', field, message: expect.stringContaining(message) }],
  });
});

test('what a step cannot be told apart by is refused there', async () => {
  expect(await ask({ groupBy: 'subscriptionId' }, 'filtered-at-destination')).toMatchObject({
    status: 422,
    errors: [{ field: 'groupBy.0', message: expect.stringContaining('does not apply') }],
  });
  const received = await world.call('GET', '/delivery-overview/successfully-received', {
    query: `sourceId=src_1&startTime=${START}&endTime=${END}&granularity=HOUR&groupBy=discardReason`,
  });
  expect(received).toMatchObject({ status: 422, errors: [{ field: 'groupBy.0' }] });
});

test('what is of another source or workspace is not found', async () => {
  for (const [name, id] of [
    ['destinationConfigId', 'dst_2'],
    ['destinationConfigId', 'dst_9'],
    ['sourceId', 'src_9'],
  ] as const) {
    expect((await ask({ [name]: id })).status).toBe(404);
  }
});

test('the summary of a destination names what became of sends, with codes, retries and P95 (G02, G05)', async () => {
  const { deliveryMetricsSummary } = await unwrap(
    sdk.destinations.listDeliveryMetricsSummaryFromDestination('dst_1', 'src_1', START, END, 'HOUR'),
  );
  expect(deliveryMetricsSummary).toEqual({
    sourceId: 'src_1',
    destinationMetadataId: expect.any(String),
    metrics: [
      {
        metricName: 'successes',
        total: 6,
        breakdown: [
          { metricName: 'successes.attempt.1', value: 3 },
          { metricName: 'successes.attempt.later', value: 3 },
        ],
      },
      { metricName: 'discarded', total: 4, breakdown: [{ metricName: 'discarded.400', value: 4 }] },
      { metricName: 'expired', total: 1, breakdown: [{ metricName: 'expired.retry_window', value: 1 }] },
      { metricName: 'retried', total: 3 },
      { metricName: 'latency.p95', total: 40 },
    ],
  });
  const today = await unwrap(sdk.destinations.listDeliveryMetricsSummaryFromDestination('dst_1', 'src_1'));
  expect(today.deliveryMetricsSummary.metrics[0]?.total).toBe(6);
  const foreign = await outcomeOf(sdk.destinations.listDeliveryMetricsSummaryFromDestination('dst_1', 'src_2'));
  expect(foreign).toMatchObject({ error: { status: 404 } });
});
