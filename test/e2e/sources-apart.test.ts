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
import { triesOf } from '../builders/sink-books.ts';
import { aWebhook } from '../builders/sink-seed.ts';

const KEYS = { loud: 'writekeyoftheloudsource00000001', quiet: 'writekeyofthequietsource0000001' } as const;
type Name = keyof typeof KEYS;

/** What one source throws in at once: 50,000 events. Nobody has 2,000 a second on two cores; a backlog at route says the same. */
const LOUD_REQUESTS = 250;
const LOUD_EVENTS_EACH = 200;
const LOUD_AT_A_TIME = 6;
/**
 * Of the time that the backlog takes, the other source's events wait for this part at most (T1). SQS gives a quiet group its turn before the
 * others', so they wait for invocations that are under way; one after the other several come through, and without fair groups only the one
 * that waited for all of it.
 */
const QUIET_PART_MAX = 0.6;
const QUIET_EVENTS_MIN = 2;
/** So that a test that goes wrong ends. */
const QUIET_EVENTS_MAX = 200;

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
        ...aWebhook(`Sink of ${slug}`, `${sink.url}/${slug}`, { trigger: 'type = "track"' }),
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

const event = (messageId: string, type: string) => ({ type, event: 'E', userId: 'u', messageId });

async function send(source: Name, messageIds: readonly string[], type = 'track'): Promise<number> {
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, {
    method: 'POST',
    body: JSON.stringify({ writeKey: KEYS[source], batch: messageIds.map((id) => event(id, type)) }),
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
  const loud = (await settledBalance(running.endpoints, 6, 20_000)).filter(isSource);
  const before = sum(loud, 'accepted');
  const left = Array.from({ length: LOUD_REQUESTS }, (_, request) => request).values();
  await Promise.all(
    Array.from({ length: LOUD_AT_A_TIME }, async () => {
      for (const request of left) {
        const ids = Array.from({ length: LOUD_EVENTS_EACH }, (_, number) => `loud-${request}-${number}`);
        expect(await send('loud', ids, 'page')).toBe(200);
      }
    }),
  );
  const startedMs = performance.now();
  const loudLeft = async (quiet: number): Promise<boolean> =>
    sum((await balanceOf(running.endpoints)).filter(isSource), 'accepted') - before <
    LOUD_REQUESTS * LOUD_EVENTS_EACH + quiet;
  const waits: number[] = [];
  while (waits.length < QUIET_EVENTS_MAX && (await loudLeft(waits.length))) {
    const id = `quiet-${waits.length}`;
    const sentMs = performance.now();
    expect(await send('quiet', [id])).toBe(200);
    await until(
      async () => (await triesOf(sink, id)).length > 0,
      60_000,
      () => `${id} did not arrive`,
    );
    waits.push(performance.now() - sentMs);
  }
  const floodMs = performance.now() - startedMs;
  expect(waits.length).toBeGreaterThanOrEqual(QUIET_EVENTS_MIN);
  expect(Math.max(...waits)).toBeLessThan(floodMs * QUIET_PART_MAX);
}, 240_000);
