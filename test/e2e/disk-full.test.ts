import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { canFillDisks, fillDisk, makeRoom } from '../builders/full-disk.ts';
import {
  aDirectory,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const REFUSED = 20;

const isPossible = canFillDisks();
if (!isPossible) process.stderr.write('disk-full.test.ts is skipped: it needs Linux and prlimit.\n');
const onLinux = isPossible ? test : test.skip;

let sink: Sink;
let running: Running;

beforeAll(async () => {
  if (!isPossible) return;
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), sink.url);
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
}, 120_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

const send = async (messageId: string) => {
  const body = JSON.stringify({ userId: 'u', event: 'Kept', messageId, writeKey: SINK_WRITE_KEY });
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/track`, { method: 'POST', body });
  await answer.arrayBuffer();
  return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
};

const sinkCount = async () => (await (await fetch(`${sink.url}/count`)).json()) as { takenMessageIds: number };

onLinux(
  'while the disk is full no event is accepted, and when there is room again it goes on by itself',
  async () => {
    expect(await send('before')).toMatchObject({ status: 200 });
    await settledBalance(running.endpoints, 1, 20_000);

    fillDisk(running.pid, 1);
    for (let number = 0; number < REFUSED; number += 1) {
      expect(await send(`full-${number}`)).toEqual({ status: 503, retryAfter: '1' });
    }

    makeRoom(running.pid);
    await until(
      async () => (await send('after')).status === 200,
      20_000,
      () => `It did not go on: ${running.output()}`,
    );
    // Of the refused ones nothing was kept half: the books know of two events, and so does the sink.
    const balance = await settledBalance(running.endpoints, 2, 20_000);
    expect(balance.find(isSource)).toMatchObject({ accepted: 2, routed: 2, duplicate: 0, invalid: 0, blocked: 0 });
    for (const line of balance.filter((each) => !isSource(each))) {
      expect(line).toMatchObject({ delivered: 2, discarded: 0, dlq: 0, inFlight: 0 });
    }
    expect(await sinkCount()).toMatchObject({ takenMessageIds: 2 });
  },
  90_000,
);
