import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { type StatusLine, statusByName } from '../builders/books-of.ts';
import {
  aDirectory,
  type BalanceLine,
  balanceOf,
  isSource,
  type Running,
  runTributary,
  sum,
  until,
} from '../builders/running-tributary.ts';
import { sendBySdk } from '../builders/sdk-load.ts';
import { aWebhook } from '../builders/sink-seed.ts';

const KEY_OF = { first: 'writekeyofthefirstsource00000001', second: 'writekeyofthesecondsource0000001' };
const EVENTS = 12;
const UNKNOWN_KEY = 'writekeyofnobody0000000000000001';
const ANY =
  'type = "track" or type = "identify" or type = "page" or type = "screen" or type = "group" or type = "alias"';

let sink: Sink;
let running: Running;
let balance: BalanceLine[];
let status: ReadonlyMap<string, StatusLine>;

const aRepeater = (source: string, name: string, repeatKeys: readonly string[]) => ({
  source,
  name,
  type: 'repeater',
  settings: { repeatKeys },
  mappings: [
    {
      name: 'All events',
      action: 'repeat',
      trigger: ANY,
      fields: {
        event: { '@path': '$.' },
        chain: { '@path': '$.context.repeatChain' },
        enable_batching: true,
        batch_keys: ['chain'],
      },
    },
  ],
});

/** Two sources that repeat into each other: without an end of it, each event would go round for ever. */
beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const directory = aDirectory();
  const seed = join(directory, 'repeater-seed.json');
  writeFileSync(
    seed,
    JSON.stringify({
      workspace: { slug: 'test', name: 'Test' },
      sources: Object.entries(KEY_OF).map(([slug, key]) => ({ slug, name: slug, kind: 'server', writeKeys: [key] })),
      destinations: [
        aRepeater('first', 'There', [KEY_OF.second]),
        aRepeater('second', 'And back', [KEY_OF.first]),
        aRepeater('first', 'To nobody', [UNKNOWN_KEY]),
        { ...aWebhook('Sink', `${sink.url}/second`), source: 'second' },
      ],
    }),
  );
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  const sent = await sendBySdk({ host: running.endpoints.trackingUrl, writeKey: KEY_OF.first, count: EVENTS });
  expect(sent).toEqual({ accepted: EVENTS, refused: [] });
  await until(
    async () => {
      balance = await balanceOf(running.endpoints);
      const isSettled = balance.every((line) => isSource(line) || line.inFlight === 0);
      return isSettled && sum(balance.filter(isSource), 'duplicate') >= EVENTS;
    },
    60_000,
    () => JSON.stringify(balance, null, 1),
  );
  status = await statusByName(running.endpoints);
}, 150_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
});

/** The source that the events were sent to, which has duplicates; and the other. */
const sources = (): BalanceLine[] => balance.filter(isSource).toSorted((a, b) => b.duplicate - a.duplicate);

test('B23: every event comes in at the other source as well, once', () => {
  expect(sources()[1]).toMatchObject({ accepted: EVENTS, duplicate: 0, invalid: 0 });
  expect(status.get('Sink')).toMatchObject({ delivered: EVENTS });
  expect(status.get('There')).toMatchObject({ delivered: EVENTS, discarded: {}, deadLettered: {} });
});

test('what comes back is a duplicate where it began, and goes no further', () => {
  expect(status.get('And back')).toMatchObject({ delivered: EVENTS });
  expect(sources()[0]).toMatchObject({ accepted: 2 * EVENTS, duplicate: EVENTS });
});

test('a write key that nobody has is said to be, although the answer is 200', () => {
  expect(status.get('To nobody')).toMatchObject({
    delivered: 0,
    discarded: { MESSAGE_REJECTED: EVENTS },
    errors: [{ code: 'MESSAGE_REJECTED', message: 'The source of write key # of # dropped it: unknown-write-key' }],
  });
});
