import { noUsageMonth, type UsageMonth } from '../../../../../shared/usage/usage-month.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { fakeUsageMonths } from '../../../../builders/usage-stores.ts';
import { aSource, aWorkspace } from '../../../../builders/workspace-things.ts';

/** The world's clock stands on 26 November 2026. */
const DAYS_BEGUN = 26;
const workspaceId = aWorkspace().id;
const month = (over: Partial<UsageMonth>): UsageMonth => ({
  ...noUsageMonth(workspaceId, '2026-11', '2026-11-26T09:05:00.000Z'),
  ...over,
});
const NOVEMBER = month({
  users: {
    isExact: true,
    days: [
      [0, 0, 0],
      [2, 5, 4],
      [3, 6, 3],
    ],
  },
  sources: {
    src_1: {
      calls: [0, 7, 5],
      users: {
        isExact: true,
        days: [
          [0, 0, 0],
          [2, 5, 4],
          [3, 6, 3],
        ],
      },
      units: { days: [], open: {} },
    },
    src_gone: { calls: [0, 0, 1], users: { isExact: true, days: [] }, units: { days: [], open: {} } },
  },
});

async function setUp(...months: UsageMonth[]) {
  const store = fakeUsageMonths();
  for (const each of months) await store.put(each, { version: 0, writeId: 'w' });
  const world = await apiWorld({ usageMonths: async () => store });
  await world.commit(workspaceId, [{ kind: 'source', verb: 'save', thing: aSource({ version: 0, name: 'Shop' }) }]);
  const get = async <T>(path: string, query = ''): Promise<T> => (await world.call('GET', path, { query })).data;
  return { ...world, get };
}
type Snapshots = { [list: string]: Record<string, unknown>[] } & {
  pagination: { next?: string; totalEntries: number };
};

test('API calls of a workspace are sums from the first of the month on, one a day that has begun, as texts (I01)', async () => {
  const { get } = await setUp(NOVEMBER);
  const { dailyWorkspaceAPICallsUsage: days = [], pagination } = await get<Snapshots>(
    '/usage/api-calls/daily',
    'period=2026-11-01',
  );
  expect(days.map(({ apiCalls }) => apiCalls)).toEqual(['0', '7', ...Array<string>(DAYS_BEGUN - 2).fill('13')]);
  expect(days[2]).toEqual({ apiCalls: '13', timestamp: '2026-11-03T00:00:00.000Z' });
  expect(pagination).toMatchObject({ totalEntries: DAYS_BEGUN });
});

test('API calls of sources are those that there are and those that are gone and had some, in pages', async () => {
  const { get } = await setUp(NOVEMBER);
  const path = '/usage/api-calls/sources/daily';
  const first = await get<Snapshots>(path, 'period=2026-11-01&pagination[count]=5');
  expect(first['dailyPerSourceAPICallsUsage']?.map(({ sourceId, apiCalls }) => [sourceId, apiCalls])).toEqual([
    ['src_1', '0'],
    ['src_gone', '0'],
    ['src_1', '7'],
    ['src_gone', '0'],
    ['src_1', '12'],
  ]);
  const next = `period=2026-11-01&pagination[count]=5&pagination[cursor]=${encodeURIComponent(first.pagination.next ?? '')}`;
  const second = await get<Snapshots>(path, next);
  expect(second['dailyPerSourceAPICallsUsage']?.[0]).toEqual({
    sourceId: 'src_gone',
    apiCalls: '1',
    timestamp: '2026-11-03T00:00:00.000Z',
  });
});

test('tracked users of a day are those up to its end, with the bounds of the month (I02)', async () => {
  const { get } = await setUp(NOVEMBER);
  const all = await get<Snapshots>('/usage/mtu/daily', 'period=2026-11-01');
  const snapshot = {
    periodStart: Date.parse('2026-11-01') / 1_000,
    periodEnd: Date.parse('2026-12-01') / 1_000,
    anonymous: '6',
    anonymousIdentified: '3',
    identified: '3',
    neverIdentified: '3',
  };
  expect(all['dailyWorkspaceMTUUsage']?.[1]).toMatchObject({ identified: '2', neverIdentified: '4' });
  expect(all['dailyWorkspaceMTUUsage']?.at(-1)).toEqual({ ...snapshot, timestamp: '2026-11-26T00:00:00.000Z' });
  const perSource = await get<Snapshots>('/usage/mtu/sources/daily', 'period=2026-11-01&pagination[count]=1000');
  expect(perSource['dailyPerSourceMTUUsage']).toHaveLength(2 * DAYS_BEGUN);
  expect(perSource['dailyPerSourceMTUUsage']?.at(-2)).toEqual({
    ...snapshot,
    sourceId: 'src_1',
    timestamp: '2026-11-26T00:00:00.000Z',
  });
});

test('a month of the past has all its days, also where nothing was counted; twelve months back is the oldest', async () => {
  const { get } = await setUp(NOVEMBER);
  const { dailyWorkspaceAPICallsUsage: days } = await get<Snapshots>('/usage/api-calls/daily', 'period=2025-11-01');
  expect(days).toHaveLength(30);
  expect(days?.at(-1)).toEqual({ apiCalls: '0', timestamp: '2025-11-30T00:00:00.000Z' });
});

test.each(['2026-11-02', '2026-13-01', '2026-11', 'November', '2026-12-01', '2025-10-01', ''])(
  'the period %p is answered 422 at its field, or 400',
  async (period) => {
    const { call } = await setUp(NOVEMBER);
    for (const path of ['/usage/api-calls/daily', '/usage/mtu/sources/daily']) {
      const { status, errors } = await call('GET', path, { query: `period=${encodeURIComponent(period)}` });
      expect([400, 422]).toContain(status);
      expect(errors[0]?.field).toBe('period');
    }
  },
);

test('a cursor of one month does not open another', async () => {
  const { get, call } = await setUp(NOVEMBER);
  const { pagination } = await get<Snapshots>('/usage/mtu/daily', 'period=2026-11-01&pagination[count]=2');
  const query = `period=2026-10-01&pagination[count]=2&pagination[cursor]=${encodeURIComponent(pagination.next ?? '')}`;
  await expect(call('GET', '/usage/mtu/daily', { query })).resolves.toMatchObject({
    status: 422,
    errors: [{ field: 'pagination.cursor' }],
  });
});
