import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import type { AnswerOf } from '../../shared/api/operation.ts';
import type { appExportsOperations } from '../../shared/api/operations/app-exports.ts';
import type { appSchemaOperations } from '../../shared/api/operations/app-schema.ts';
import { aDirectory, until } from '../builders/running-tributary.ts';
import { startWholeCloud, theWholeApp, type WholeCloud } from '../builders/whole-cloud.ts';

type Schema = AnswerOf<(typeof appSchemaOperations)['getSourceSchema']>;
type Export = AnswerOf<(typeof appExportsOperations)['createExport']>['export'];
const KEY = 'writekeyofthewebsite000000000001';
/** Events are in the archive, and a change is in force, by then. */
const SEEN_MS = 20_000;

let sink: Sink;
let running: WholeCloud;
let path: string;

beforeAll(async () => {
  const [assembly, aSink] = await Promise.all([theWholeApp(), startSink({ host: '127.0.0.1', port: 0 })]);
  sink = aSink;
  const directory = aDirectory();
  const seedFile = join(directory, 'seed.json');
  const mapping = {
    name: 'All',
    action: 'send',
    trigger: 'type = "track" or type = "page"',
    fields: { url: `${sink.url}/hook`, method: 'POST', data: { '@path': '$.' } },
  };
  writeFileSync(
    seedFile,
    JSON.stringify({
      workspace: { slug: 'test', name: 'Test' },
      sources: [{ slug: 'web', name: 'web', kind: 'website', writeKeys: [KEY] }],
      destinations: [{ source: 'web', name: 'Sink', type: 'webhook', settings: {}, mappings: [mapping] }],
    }),
  );
  running = await startWholeCloud({ assembly, stateDirectory: join(directory, 'state'), seedFile });
  const { sources } = await ask<{ sources: { id: string }[] }>('GET', '/sources');
  path = `/app-api/sources/${sources[0]?.id}/schema`;
}, 90_000);
afterAll(async () => {
  await running?.cloud.stop();
  await sink?.stop();
}, 30_000);

async function raw(method: string, at: string, body?: unknown): Promise<Response> {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${at}`, {
    method,
    headers: { Authorization: `Bearer ${apiToken}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBeLessThan(300);
  return answer;
}
const ask = async <T>(method: string, at: string, body?: unknown): Promise<T> =>
  ((await (await raw(method, at, body)).json()) as { data: T }).data;

const send = async (batch: unknown[]): Promise<void> => {
  const body = JSON.stringify({ batch, writeKey: KEY });
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, { method: 'POST', body });
  expect(answer.status).toBe(200);
};
const track = (event: string, properties: object = {}) => ({ type: 'track', userId: 'u', event, properties });
const rows = async (type = 'TRACK') => (await ask<Schema>('GET', `${path}?type=${type}`)).keys;
const counts = async () =>
  (await rows()).map(({ name, allowedCount, blockedCount }) => [name, allowedCount, blockedCount]);

test('what a source sends is listed with its counts, properties and traits; what is blocked counts as blocked within seconds, and lists are files (F06 to F14)', async () => {
  await send([
    track('Order / 100 %', { total: 7, items: [{ sku: 'a' }] }),
    track('Order / 100 %', { total: 'seven' }),
    track('Spam'),
    { type: 'page', userId: 'u', name: 'Home' },
    { type: 'identify', userId: 'u', traits: { plan: 'pro' } },
  ]);
  let before: Schema['keys'] = [];
  await until(
    async () => (before = await rows()).find(({ name }) => name === 'Order / 100 %')?.properties.length === 4,
    SEEN_MS,
    () => `Listed is ${JSON.stringify(before)}`,
  );
  expect(
    before.map(({ name, allowedCount, blockedCount, lastSeenPrecision }) => [
      name,
      allowedCount,
      blockedCount,
      lastSeenPrecision,
    ]),
  ).toEqual([
    ['Order / 100 %', 2, 0, 'EXACT'],
    ['Page Viewed', 1, 0, 'EXACT'],
    ['Spam', 1, 0, 'EXACT'],
  ]);
  expect(before[0]?.properties.map(({ path: at, types }) => [at, types.map(({ type }) => type)])).toEqual([
    ['items', ['array']],
    ['items.$', ['object']],
    ['items.$.sku', ['string']],
    ['total', ['number', 'string']],
  ]);
  expect((await rows('IDENTIFY')).map(({ name, allowedCount }) => [name, allowedCount])).toEqual([['plan', 1]]);

  const added = await ask<{ key: string }>('POST', path, { name: 'Not Yet' });
  for (const key of [before.find(({ name }) => name === 'Spam')?.key, 'page', added.key]) {
    await ask('PATCH', `${path}/${key}`, { allowed: false });
  }
  // Sent until the change is in force; what passed before it passed.
  let counted: Awaited<ReturnType<typeof counts>> = [];
  await until(
    async () => {
      await send([track('Spam'), track('Not Yet'), { type: 'page', userId: 'u', name: 'Cart' }]);
      counted = await counts();
      return counted.every(([name, , blocked]) => name === 'Order / 100 %' || blocked !== 0);
    },
    SEEN_MS,
    () => `Counted is ${JSON.stringify(counted)}`,
  );
  await ask('PATCH', `${path}/${added.key}`, { archived: true });
  expect((await rows()).map(({ name }) => name)).not.toContain('Not Yet');
  await ask('POST', `${path}-history/clear`, { type: 'TRACK', state: 'BLOCKED' });
  expect((await rows()).map(({ name }) => name)).toEqual(['Order / 100 %']);

  // The hourly run, by its function and with its role's grants: nothing is counted twice by it.
  const aggregate = running.cloud.functions().find(({ name }) => name.includes('AggregateUsage'));
  await expect(running.cloud.invoke(aggregate?.name ?? '', {})).resolves.toMatchObject({ ok: true });
  const [order] = await rows();
  expect([order?.allowedCount, order?.properties.find(({ path: at }) => at === 'total')?.count]).toEqual([2, 2]);

  const { export: made } = await ask<{ export: Export }>('POST', '/app-api/exports', {
    what: 'SCHEMA',
    sourceId: path.split('/')[3],
  });
  const file = await raw('GET', made.url);
  expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${made.fileName}"`);
  // The file ignores filters: what is archived is in it, too.
  expect(await file.text()).toMatch(/\r\nOrder \/ 100 %,\d{4}-[^,]*Z,,2,0,2,\r\n/);
  const { exports } = await ask<{ exports: Export[] }>('GET', '/app-api/exports');
  expect(exports).toEqual([made]);
  await expect(ask('GET', `/app-api/exports/${made.id}`)).resolves.toEqual({ export: made });
  expect(running.cloud.denials()).toEqual([]);
}, 120_000);
