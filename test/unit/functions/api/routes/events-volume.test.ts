import { deliverySdk, deliveryWorld } from '../../../../builders/delivery-world.ts';
import { aSourceDetail, aSourceLine } from '../../../../builders/fake-delivery.ts';
import { outcomeOf, unwrap } from '../../../../builders/public-api-client.ts';

const START = '2026-11-26T08:00:00Z';
const END = '2026-11-26T10:00:00Z';

async function setUp() {
  const world = await deliveryWorld();
  const { books } = world;
  books.source(
    '2026-11-26T08:10:00.000Z',
    aSourceDetail([aSourceLine(10, { invalid: { id_required: 2 }, routed: 8 })]),
  );
  books.source('2026-11-26T09:10:00.000Z', aSourceDetail([aSourceLine(3, { kind: ['identify', '', ''] })]));
  books.source('2026-11-26T09:20:00.000Z', aSourceDetail([aSourceLine(5)]), 'src_2');
  books.source('2026-11-26T09:20:00.000Z', aSourceDetail([aSourceLine(5_000)]), 'src_9');
  return { ...world, sdk: await deliverySdk(world) };
}

test('the official library reads the volume of a workspace, by source and by kind of event', async () => {
  const { sdk } = await setUp();
  const all = await unwrap(sdk.events.getEventsVolumeFromWorkspace('HOUR', START, END));
  expect(all).toEqual({
    path: '/events/volume',
    query: { workspaceId: 'ws_1', granularity: 'HOUR', startTime: START, endTime: END },
    result: [
      {
        total: 16,
        series: [
          { time: '2026-11-26T08:00:00.000Z', count: 8 },
          { time: '2026-11-26T09:00:00.000Z', count: 8 },
        ],
      },
    ],
    pagination: { current: 'MA==', totalEntries: 1 },
  });
  const grouped = await unwrap(
    sdk.events.getEventsVolumeFromWorkspace(
      'DAY',
      START,
      END,
      ['source', 'eventType', 'eventName'],
      undefined,
      undefined,
      undefined,
      undefined,
      { count: 50 },
    ),
  );
  expect(grouped.query).toMatchObject({ groupBy: ['source', 'eventType', 'eventName'], limit: 50 });
  const rows = grouped.result.map(({ source, eventName, eventType, total }) => [
    source?.id,
    eventType,
    eventName,
    total,
  ]);
  expect(rows.toSorted((a, b) => Number(b[3]) - Number(a[3]))).toEqual([
    ['src_1', 'track', 'Order Completed', 8],
    ['src_2', 'track', 'Order Completed', 5],
    ['src_1', 'identify', undefined, 3],
  ]);
  await sdk.close();
});

test('sources, names, calls and versions narrow it; a foreign source is not found', async () => {
  const { sdk } = await setUp();
  const volume = async (sourceId?: string[], eventName?: string[], eventType?: string[], appVersion?: string[]) =>
    await outcomeOf(
      sdk.events.getEventsVolumeFromWorkspace(
        'MINUTE',
        START,
        END,
        ['eventName'],
        sourceId,
        eventName,
        eventType,
        appVersion,
      ),
    );
  expect(await volume(['src_2'])).toMatchObject({ data: { result: [{ total: 5 }] } });
  expect(await volume(['src_1'], ['Order Completed'])).toMatchObject({ data: { result: [{ total: 8 }] } });
  expect(await volume(undefined, undefined, ['identify'])).toMatchObject({ data: { result: [{ total: 3 }] } });
  expect(await volume(undefined, undefined, undefined, ['1.0'])).toMatchObject({ data: { result: [{ total: 13 }] } });
  expect(await volume(['src_9'])).toMatchObject({ error: { status: 404 } });
  const wrong = await outcomeOf(sdk.events.getEventsVolumeFromWorkspace('HOUR', START, END, ['discardReason']));
  expect(wrong).toMatchObject({ error: { status: 422, field: 'groupBy.0' } });
  await sdk.close();
});
