import type { AnswerOf } from '../../../../../shared/api/operation.ts';
import type { appForecastOperations } from '../../../../../shared/api/operations/app-forecast.ts';
import { noUsageMonth, type UsageMonth } from '../../../../../shared/usage/usage-month.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { fakeUsageMonths } from '../../../../builders/usage-stores.ts';
import { aDestination, aSource, aWorkspace } from '../../../../builders/workspace-things.ts';

const workspaceId = aWorkspace().id;
type Answer<Id extends keyof typeof appForecastOperations> = AnswerOf<(typeof appForecastOperations)[Id]>;

/** Ten million events in a month of 30 even days, or in so many of them: 20 a request, one destination. */
const evenMonth = (name: string, days: number, asOf: string): UsageMonth => ({
  ...noUsageMonth(workspaceId, name, asOf),
  users: { isExact: true, days: Array.from({ length: days }, (_, index) => [100 * (index + 1), 50, 20]) },
  sources: {
    src_1: {
      calls: Array<number>(days).fill(333_333),
      users: { isExact: false, days: [[90, 50, 10]] },
      units: { days: Array.from({ length: days }, () => [16_667, 323_333_000, 333_333, 333_333]), open: {} },
    },
  },
  destinations: { dst_1: { days: Array.from({ length: days }, () => [16_667, 333_333, 370_000_000]), open: {} } },
});

async function setUp(...months: UsageMonth[]) {
  const store = fakeUsageMonths();
  for (const each of months) await store.put(each, { version: 0, writeId: 'w' });
  const world = await apiWorld({ usageMonths: async () => store });
  await world.commit(workspaceId, [
    { kind: 'source', verb: 'save', thing: aSource({ version: 0, name: 'Shop' }) },
    { kind: 'destination', verb: 'save', thing: aDestination({ version: 0, name: 'Tool' }) },
  ]);
  const get = async <T>(path: string, query = ''): Promise<T> => (await world.call('GET', path, { query })).data;
  return { ...world, get };
}
const OCTOBER = evenMonth('2026-10', 31, '2026-10-31T23:05:00.000Z');
/** Up to ten o'clock of the 26th. */
const NOVEMBER = evenMonth('2026-11', 25, '2026-11-26T10:00:00.000Z');

test('the usage page has the month by source and day, throughput, the last five periods and twelve months (I04, I08)', async () => {
  const { get } = await setUp(OCTOBER, NOVEMBER);
  const usage = await get<Answer<'getUsage'>>('/app-api/usage', 'period=2026-11-01&allowance=10000');
  expect(usage).toMatchObject({
    period: '2026-11-01',
    asOf: '2026-11-26T10:00:00.000Z',
    apiCalls: '8333325',
    objects: '0',
    trackedUsers: { total: '2520', identified: '2500', isExact: true, standardError: 0 },
    throughput: { perTrackedUser: 8_333_325 / 2_520, allowance: 10_000, perAllowed: 833.3325, usedShare: 0.252 },
  });
  expect(usage.sources).toHaveLength(1);
  expect(usage.sources[0]).toMatchObject({
    sourceId: 'src_1',
    sourceName: 'Shop',
    apiCalls: '8333325',
    trackedUsers: { total: '100', isExact: false, standardError: 1 / 512 },
  });
  expect(usage.sources[0]?.daily[1]).toEqual({
    timestamp: '2026-11-02T00:00:00.000Z',
    apiCalls: '666666',
    trackedUsers: '100',
  });
  expect(usage.periods.map(({ period }) => period)).toEqual([
    '2026-11-01',
    '2026-10-01',
    '2026-09-01',
    '2026-08-01',
    '2026-07-01',
  ]);
  expect(usage.months).toHaveLength(12);
  expect(usage.months.slice(0, 3).map(({ apiCalls, trackedUsers }) => [apiCalls, trackedUsers])).toEqual([
    ['8333325', '2520'],
    ['10333323', '3120'],
    ['0', '0'],
  ]);
});

test('before anything was counted all is zero, and it says so', async () => {
  const { get } = await setUp();
  await expect(get('/app-api/usage')).resolves.toMatchObject({
    period: '2026-11-01',
    asOf: null,
    apiCalls: '0',
    throughput: { perTrackedUser: 0, allowance: null, perAllowed: null, usedShare: null },
  });
  await expect(get('/app-api/usage/cost')).resolves.toMatchObject({ asOf: null, dollars: 0, sources: [] });
  await expect(get('/app-api/usage/forecast')).resolves.toMatchObject({
    asOf: null,
    apiCalls: { soFar: '0', forecast: '0', low: '0', high: '0' },
    dollars: { soFar: 0, forecast: 0 },
  });
});

test('dollars are those of sources and destinations, and each line is a quantity at a list price', async () => {
  const { get } = await setUp(NOVEMBER);
  const cost = await get<Answer<'getUsageCost'>>('/app-api/usage/cost');
  expect(cost.sources.map(({ id, name, units }) => ({ id, name, units }))).toEqual([
    {
      id: 'src_1',
      name: 'Shop',
      units: { requests: 416_675, bytes: 8_083_325_000, received: 8_333_325, routed: 8_333_325 },
    },
  ]);
  const things = [...cost.sources, ...cost.destinations];
  expect(things).toHaveLength(2);
  const prices = new Map(cost.prices.map((price) => [price.price, price]));
  for (const { dollars, lines } of things) {
    for (const line of lines) {
      const price = prices.get(line.price);
      expect(line.dollars).toBeCloseTo((line.quantity / (price?.per ?? 0)) * (price?.dollars ?? 0), 6);
    }
    expect(lines.reduce((sum, line) => sum + line.dollars, 0)).toBeCloseTo(dollars, 6);
  }
  expect(things.reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(cost.dollars, 3);
});

test('an even month ends where it is heading: the days that are left are as those before', async () => {
  const { get } = await setUp(OCTOBER, NOVEMBER);
  const { apiCalls, dollars, trackedUsers } = await get<Answer<'getUsageForecast'>>('/app-api/usage/forecast');
  // 4 days and 14 hours are left.
  const expected = 333_333 * (25 + 4 + 14 / 24);
  expect(Number(apiCalls.soFar)).toBe(333_333 * 25);
  expect(Math.abs(Number(apiCalls.forecast) / expected - 1)).toBeLessThan(0.001);
  expect(Number(apiCalls.low)).toBeLessThanOrEqual(Number(apiCalls.forecast));
  expect(dollars.forecast / dollars.soFar).toBeCloseTo(expected / (333_333 * 25), 2);
  expect(trackedUsers.method).toBe('course of the month before');
  expect(Number(trackedUsers.forecast)).toBeGreaterThan(2_900);
  expect(Number(trackedUsers.forecast)).toBeLessThan(3_130);
});

test('usage is for who may read it', async () => {
  const { call, token } = await setUp(NOVEMBER);
  const bearer = await token([]);
  for (const path of ['/app-api/usage', '/app-api/usage/cost', '/app-api/usage/forecast']) {
    await expect(call('GET', path, { bearer })).resolves.toMatchObject({ status: 403 });
  }
});
