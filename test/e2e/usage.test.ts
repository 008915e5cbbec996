import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { monthOf } from '../../shared/usage/usage-month.ts';
import { type PublicApiClient, publicApiClient, unwrap } from '../builders/public-api-client.ts';
import { aDirectory } from '../builders/running-tributary.ts';
import { startWholeCloud, theWholeApp, type WholeCloud } from '../builders/whole-cloud.ts';

const WEB_KEY = 'writekeyofthewebsite000000000001';
const APP_KEY = 'writekeyofthemobileapp0000000001';
const ALL = { count: 1_000 };
/** Events are in the archive by then: its window is a second on one machine. */
const ARCHIVED_MS = 20_000;

let sink: Sink;
let running: WholeCloud;
let api: PublicApiClient;
const period = `${monthOf(new Date().toISOString())}-01`;

beforeAll(async () => {
  const [assembly, aSink] = await Promise.all([theWholeApp(), startSink({ host: '127.0.0.1', port: 0 })]);
  sink = aSink;
  const directory = aDirectory();
  const seedFile = join(directory, 'seed.json');
  const source = (slug: string, kind: string, key: string) => ({ slug, name: slug, kind, writeKeys: [key] });
  const mapping = {
    name: 'All',
    action: 'send',
    trigger: 'type = "track" or type = "identify" or type = "page"',
    fields: { url: `${sink.url}/hook`, method: 'POST', data: { '@path': '$.' } },
  };
  writeFileSync(
    seedFile,
    JSON.stringify({
      workspace: { slug: 'test', name: 'Test' },
      sources: [source('web', 'website', WEB_KEY), source('app', 'mobile', APP_KEY)],
      destinations: [{ source: 'web', name: 'Sink', type: 'webhook', settings: {}, mappings: [mapping] }],
    }),
  );
  running = await startWholeCloud({ assembly, stateDirectory: join(directory, 'state'), seedFile });
  api = publicApiClient(running.endpoints.apiUrl, running.endpoints.apiToken);
}, 90_000);
afterAll(async () => {
  await running?.cloud.stop();
  await sink?.stop();
}, 30_000);

const send = async (writeKey: string, batch: unknown[]): Promise<void> => {
  const body = JSON.stringify({ batch, writeKey });
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, { method: 'POST', body });
  expect(answer.status).toBe(200);
};

/** The hourly run, by its function and with its role's grants. */
async function aggregate(): Promise<void> {
  const found = running.cloud.functions().find(({ name }) => name.includes('AggregateUsage'));
  const result = await running.cloud.invoke(found?.name ?? '', {});
  expect(result).toMatchObject({ ok: true });
  expect(running.cloud.denials()).toEqual([]);
}

const appApi = async <T>(path: string): Promise<T> => {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${apiToken}` } });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { data: T }).data;
};
const mtuNow = async () =>
  (await unwrap(api.monthlyTrackedUsers.getDailyWorkspaceMTUUsage(period, ALL))).dailyWorkspaceMTUUsage.at(-1);

test('what was sent by two sources is told by the official SDK: API calls, tracked users, and what is none of either (I01, I02, I03, I05)', async () => {
  // On the web she logs in; in the app she does not, so that she counts once more.
  await send(WEB_KEY, [
    { type: 'page', anonymousId: 'web', messageId: 'm1' },
    { type: 'identify', userId: 'ada', anonymousId: 'web', messageId: 'm2' },
    { type: 'track', event: 'Bought', userId: 'ada', anonymousId: 'web', messageId: 'm3' },
    // Neither a repeat nor what is invalid is a call.
    { type: 'track', event: 'Bought', userId: 'ada', anonymousId: 'web', messageId: 'm3' },
    { type: 'track', userId: 'nobody', messageId: 'm4' },
  ]);
  await send(APP_KEY, [{ type: 'screen', anonymousId: 'app', messageId: 'm5' }]);
  const deadline = Date.now() + ARCHIVED_MS;
  let users = await mtuNow();
  while (Date.now() < deadline && users?.neverIdentified !== '1') {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await aggregate();
    users = await mtuNow();
  }
  expect(users).toMatchObject({
    identified: '1',
    anonymous: '2',
    anonymousIdentified: '1',
    neverIdentified: '1',
    periodStart: Date.parse(period) / 1_000,
  });
  const { dailyWorkspaceAPICallsUsage: calls } = await unwrap(api.apiCalls.getDailyWorkspaceAPICallsUsage(period, ALL));
  expect(calls.at(-1)?.apiCalls).toBe('4');
  const { dailyPerSourceAPICallsUsage: perSource } = await unwrap(
    api.apiCalls.getDailyPerSourceAPICallsUsage(period, ALL),
  );
  expect(
    perSource
      .slice(-2)
      .map(({ apiCalls }) => apiCalls)
      .toSorted(),
  ).toEqual(['1', '3']);
  const { dailyPerSourceMTUUsage: users2 } = await unwrap(
    api.monthlyTrackedUsers.getDailyPerSourceMTUUsage(period, ALL),
  );
  expect(
    users2
      .slice(-2)
      .map(({ identified, neverIdentified }) => `${identified} ${neverIdentified}`)
      .toSorted(),
  ).toEqual(['0 1', '1 0']);
}, 90_000);

test('a second run, and one at the same time, change nothing (E1)', async () => {
  const before = await appApi<Record<string, unknown>>('/app-api/usage');
  await Promise.all([aggregate(), aggregate()]);
  const after = await appApi<Record<string, unknown>>('/app-api/usage');
  expect({ ...after, asOf: '' }).toEqual({ ...before, asOf: '' });
}, 60_000);

test('what it cost is told by source and destination from what was counted, and where the month is heading', async () => {
  type Thing = { name: string; dollars: number; units: Record<string, number> };
  const cost = await appApi<{ dollars: number; sources: Thing[]; destinations: Thing[] }>('/app-api/usage/cost');
  expect(cost.sources.map(({ name, units }) => `${name} ${units['requests']} ${units['routed']}`).toSorted()).toEqual([
    'app 1 1',
    'web 1 3',
  ]);
  expect(cost.destinations.map(({ name, units }) => [name, units['parts'], units['sends']])).toEqual([['Sink', 1, 3]]);
  expect(cost.destinations[0]?.units['bytesOut']).toBeGreaterThan(100);
  expect(cost.dollars).toBeGreaterThan(0);
  const forecast = await appApi<{ apiCalls: { soFar: string; forecast: string } }>('/app-api/usage/forecast');
  expect(forecast.apiCalls.soFar).toBe('4');
  expect(Number(forecast.apiCalls.forecast)).toBeGreaterThanOrEqual(4);
}, 60_000);
