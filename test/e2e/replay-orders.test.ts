import { setTimeout as wait } from 'node:timers/promises';
import { Analytics } from '@segment/analytics-node';
import type { PathLedger } from '../../cli/sink/tries.ts';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import type { ShownReplay } from '../../functions/api/resources/replay-views.ts';
import {
  aDirectory,
  balanceOf,
  type BalanceLine,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { aSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const CUPS = 60;
const PLATES = 20;
/** One balance serves all who ask within a second. */
const BALANCE_SERVED_AGAIN_MS = 1_100;
/** Longer than functions go on with configuration that they have read. */
const CONFIG_MS = 6_000;
/** Bounds, for a machine that is busy. */
const SETTLE_MS = 120_000;
const TEST_MS = 400_000;
const SUPPRESSED = 'gone';

let sink: Sink;
let running: Running;
let args: string[];
let sentEvents = 0;
let toolId: string;
let sourceId: string;

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const trigger = 'event = "Cup Bought" or event = "Plate Bought"';
  args = [
    '--seed',
    aSeed(aDirectory(), [aWebhook('Tool', `${sink.url}/tool`, { trigger })]),
    '--allow-private-targets',
  ];
  running = await runTributary({ args });
  const listed = await call<{ destinations: { id: string; sourceId: string }[] }>(
    'GET',
    '/destinations?pagination.count=10',
  );
  toolId = listed.destinations[0]?.id ?? '';
  sourceId = listed.destinations[0]?.sourceId ?? '';
}, 120_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiToken}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
  return (JSON.parse(text) as { data: T }).data;
}

/** Events of different ids, by the official SDK. */
async function send(event: string, count: number, userId = 'u1'): Promise<void> {
  const analytics = new Analytics({ writeKey: SINK_WRITE_KEY, host: running.endpoints.trackingUrl, flushAt: 15 });
  for (let number = 0; number < count; number += 1) analytics.track({ userId, event, properties: { number } });
  await analytics.closeAndFlush();
  sentEvents += count;
}

const script = (path: string, does: string | null) =>
  fetch(`${sink.url}/script`, { method: 'POST', body: JSON.stringify({ path, script: does }) });

async function takenBy(path: string): Promise<Pick<PathLedger, 'taken' | 'takenMessageIds'>> {
  const { paths } = (await (await fetch(`${sink.url}/ledger`)).json()) as { paths: Record<string, PathLedger> };
  const { taken = 0, takenMessageIds = 0 } = paths[path] ?? {};
  return { taken, takenMessageIds };
}

const everything = () => ({ from: '2026-01-01T00:00:00Z', to: new Date(Date.now() + 60_000).toISOString() });
async function replay(destinationId: string, filter: object, more: object = {}): Promise<ShownReplay> {
  const body = { destinationId, filter: { ...everything(), ...filter }, dryRun: false, ...more };
  return (await call<{ replay: ShownReplay }>('POST', '/app-api/replays', body)).replay;
}
const read = async (id: string) => (await call<{ replay: ShownReplay }>('GET', `/app-api/replays/${id}`)).replay;

/** The replay once it is so far. */
async function when(id: string, isThere: (replay: ShownReplay) => boolean): Promise<ShownReplay> {
  let shown = await read(id);
  await until(
    async () => isThere((shown = await read(id))),
    SETTLE_MS,
    () => `The replay is not there yet: ${JSON.stringify(shown)} ${running.output().slice(-3_000)}`,
  );
  return shown;
}
const hasEnded = ({ status, waiting }: ShownReplay): boolean => !/COUNTING|RUNNING/.test(status) && waiting === 0;

const ordinary = (lines: readonly BalanceLine[]) =>
  lines.map(({ ...line }) => Object.fromEntries(Object.entries(line).filter(([name]) => name !== 'recovered')));

test(
  'what a tool refused is counted, sent again by code after its repair, and shown as recovered',
  async () => {
    await script('/tool', '/status/400');
    await send('Cup Bought', CUPS);
    await settledBalance(running.endpoints, sentEvents, SETTLE_MS);
    await script('/tool', '/status/422');
    await send('Plate Bought', PLATES);
    const before = await settledBalance(running.endpoints, sentEvents, SETTLE_MS);
    await script('/tool', null);

    const counted = await replay(toolId, { of: 'DEAD_LETTERS' }, { dryRun: true });
    expect(counted).toMatchObject({
      status: 'FINISHED',
      dryRun: true,
      planned: CUPS + PLATES,
      byCode: {
        counts: [
          { name: '400', count: CUPS },
          { name: '422', count: PLATES },
        ],
        more: 0,
      },
      byEvent: {
        counts: [
          { name: 'Cup Bought', count: CUPS },
          { name: 'Plate Bought', count: PLATES },
        ],
        more: 0,
      },
      sent: 0,
    });
    expect(await takenBy('/tool')).toEqual({ taken: 0, takenMessageIds: 0 });

    const { id } = await replay(toolId, { of: 'DEAD_LETTERS', codes: ['422'] });
    const ended = await when(id, hasEnded);
    expect(ended).toMatchObject({ status: 'FINISHED', planned: PLATES, sent: PLATES, delivered: PLATES, failed: 0 });
    expect(ended.recovered).toBe(PLATES);
    expect(await takenBy('/tool')).toEqual({ taken: PLATES, takenMessageIds: PLATES });
    const { replays } = await call<{ replays: ShownReplay[] }>('GET', '/app-api/replays');
    expect(replays.map((one) => one.id)).toEqual([id, counted.id]);

    await wait(BALANCE_SERVED_AGAIN_MS);
    const after = await balanceOf(running.endpoints);
    expect(ordinary(after)).toEqual(ordinary(before));
    expect(after.find((line) => !isSource(line))).toMatchObject({ discarded: CUPS + PLATES, recovered: PLATES });
  },
  TEST_MS,
);

test(
  'a replay is cancelled midway: nothing more is queued, and the next takes the rest, so that each arrives once',
  async () => {
    const { id } = await replay(toolId, { of: 'DEAD_LETTERS' }, { rate: 4 });
    await when(id, ({ sent }) => sent >= 8);
    // One at a time for a destination.
    await expect(replay(toolId, { of: 'DEAD_LETTERS' })).rejects.toThrow(/409.*A replay runs for this destination/s);
    await call('DELETE', `/app-api/replays/${id}`);
    const cancelled = await when(id, (shown) => hasEnded(shown) && shown.finishedAt !== null);
    expect(cancelled).toMatchObject({ status: 'CANCELLED', planned: CUPS, delivered: cancelled.sent, failed: 0 });
    expect(cancelled.sent).toBeLessThan(CUPS);
    const next = await replay(toolId, { of: 'DEAD_LETTERS' });
    const ended = await when(next.id, hasEnded);
    expect(ended).toMatchObject({ status: 'FINISHED', delivered: CUPS - cancelled.sent, failed: 0 });
    expect(await takenBy('/tool')).toEqual({ taken: CUPS + PLATES, takenMessageIds: CUPS + PLATES });
  },
  TEST_MS,
);

test(
  'a destination that is made later gets from the archive what came before it, each event once, through a kill -9 midway; ordinary books stay as they were (N22, G19)',
  async () => {
    await send('Cup Bought', 10, SUPPRESSED);
    await settledBalance(running.endpoints, sentEvents, SETTLE_MS);
    await call('POST', '/regulations', {
      regulationType: 'SUPPRESS_ONLY',
      subjectType: 'USER_ID',
      subjectIds: [SUPPRESSED],
    });
    const { destination } = await call<{ destination: { id: string } }>('POST', '/destinations', {
      sourceId,
      metadataId: 'webhook',
      name: 'Later',
      settings: {},
    });
    type Presets = { subscriptions: { id: string; settings: Record<string, unknown> }[] };
    const { subscriptions } = await call<Presets>('POST', `/app-api/destinations/${destination.id}/presets`);
    const [mapping] = subscriptions;
    await call('PATCH', `/destinations/${destination.id}/subscriptions/${mapping?.id}`, {
      input: {
        enabled: true,
        trigger: 'event = "Cup Bought"',
        settings: { ...mapping?.settings, url: `${sink.url}/later` },
      },
    });
    // The archive's window has closed, and the suppression is in force.
    await wait(CONFIG_MS);
    const off = await replay(destination.id, { of: 'ARCHIVE' }, { dryRun: true });
    await call('PATCH', `/destinations/${destination.id}`, { enabled: true });
    await wait(CONFIG_MS);
    const before = await balanceOf(running.endpoints);
    expect(off).toMatchObject({
      status: 'FINISHED',
      planned: CUPS,
      leftOut: {
        counts: [
          { name: 'NO_MATCHING_MAPPING', count: PLATES },
          { name: 'suppressed', count: 10 },
        ],
      },
    });

    const { id } = await replay(destination.id, { of: 'ARCHIVE' }, { rate: 4 });
    await when(id, ({ sent }) => sent >= 8);
    await running.kill();
    running = await runTributary({ directory: running.directory, args });
    const ended = await when(id, hasEnded);
    expect(ended).toMatchObject({
      status: 'FINISHED',
      planned: CUPS,
      sent: CUPS,
      delivered: CUPS,
      failed: 0,
      recovered: 0,
    });
    const taken = await takenBy('/later');
    expect(taken.takenMessageIds).toBe(CUPS);
    // What deliver had sent and not noted when all was killed is sent once more (docs/replay.md).
    expect(taken.taken - CUPS).toBeLessThanOrEqual(4);
    expect(ordinary(await balanceOf(running.endpoints))).toEqual(ordinary(before));
  },
  TEST_MS,
);
