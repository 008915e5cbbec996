import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import {
  aDirectory,
  type BalanceLine,
  balanceOf,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  sum,
  until,
} from '../builders/running-tributary.ts';
import { ledgerOfPath, triesOf } from '../builders/sink-books.ts';
import { aWebhook } from '../builders/sink-seed.ts';

const KEYS = { loud: 'writekeyoftheloudsource00000001', quiet: 'writekeyofthequietsource0000001' } as const;
type Name = keyof typeof KEYS;

/** What one source throws in as fast as it is taken: 20,000 events. Nobody has 2,000 a second on two cores; a backlog says the same. */
const LOUD_REQUESTS = 200;
const LOUD_EVENTS_EACH = 100;
const LOUD_AT_A_TIME = 4;
/** Events of the other source, one after the other, while that backlog lies there. */
const QUIET_EVENTS = 10;
/** None of them waits for longer than this part of the time that the backlog takes (T1): without fair groups each would wait for all of it. */
const QUIET_PART_MAX = 1 / 3;

let sink: Sink;
let running: Running;

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const directory = aDirectory();
  const seed = join(directory, 'two-sources.json');
  const names = Object.keys(KEYS) as Name[];
  writeFileSync(
    seed,
    JSON.stringify({
      workspace: { slug: 'test', name: 'Test' },
      sources: names.map((slug) => ({ slug, name: slug, kind: 'server', writeKeys: [KEYS[slug]] })),
      destinations: names.map((slug) => ({
        ...aWebhook(`Sink of ${slug}`, `${sink.url}/${slug}`, { fields: { enable_batching: true } }),
        source: slug,
      })),
    }),
  );
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
}, 120_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

const event = (messageId: string) => ({ type: 'track', event: 'E', userId: 'u', messageId });

async function send(source: Name, messageIds: readonly string[]): Promise<number> {
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, {
    method: 'POST',
    body: JSON.stringify({ writeKey: KEYS[source], batch: messageIds.map(event) }),
  });
  await answer.text();
  return answer.status;
}

test('two sources send the same messageIds, and each of its events is delivered (T9)', async () => {
  const ids = ['same-1', 'same-2', 'same-3'];
  for (const source of ['loud', 'quiet', 'loud'] as const) await expect(send(source, ids)).resolves.toBe(200);
  const lines = await settledBalance(running.endpoints, 2 * ids.length, 20_000);
  const linesOf = (of: (line: BalanceLine) => boolean) => lines.filter(of);
  // What one of them sends twice is a repeat of its own.
  await until(
    async () => sum((await balanceOf(running.endpoints)).filter(isSource), 'accepted') === 9,
    20_000,
    () => 'Nine events were sent',
  );
  expect(sum(linesOf(isSource), 'routed')).toBe(2 * ids.length);
  for (const id of ids) {
    expect((await triesOf(sink, id)).map(({ path }) => path).toSorted()).toEqual(['/loud', '/quiet']);
  }
}, 60_000);

test('a source that floods leaves another one its time (T1)', async () => {
  const startedMs = performance.now();
  const left = Array.from({ length: LOUD_REQUESTS }, (_, request) => request).values();
  const flood = Promise.all(
    Array.from({ length: LOUD_AT_A_TIME }, async () => {
      for (const request of left) {
        const ids = Array.from({ length: LOUD_EVENTS_EACH }, (_, number) => `loud-${request}-${number}`);
        expect(await send('loud', ids)).toBe(200);
      }
    }),
  );
  const waits: number[] = [];
  for (let number = 0; number < QUIET_EVENTS; number += 1) {
    const id = `quiet-${number}`;
    const sentMs = performance.now();
    expect(await send('quiet', [id])).toBe(200);
    await until(
      async () => (await triesOf(sink, id)).length > 0,
      60_000,
      () => `${id} did not arrive`,
    );
    waits.push(performance.now() - sentMs);
  }
  const isStillLoud = (await ledgerOfPath(sink, '/loud')).takenMessageIds < LOUD_REQUESTS * LOUD_EVENTS_EACH;
  await flood;
  await until(
    async () => (await ledgerOfPath(sink, '/loud')).takenMessageIds >= LOUD_REQUESTS * LOUD_EVENTS_EACH,
    150_000,
    () => 'The flood was not worked off',
  );
  const floodMs = performance.now() - startedMs;
  process.stdout.write(
    `T1: ${Math.max(...waits)} of ${floodMs}, ${String(isStillLoud)} ${waits.map(Math.round).join()}\n`,
  );
  expect(Math.max(...waits)).toBeLessThan(floodMs * QUIET_PART_MAX);
}, 240_000);
