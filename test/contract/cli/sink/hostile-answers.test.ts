import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { type Sink, startSink } from '../../../../cli/sink/start-sink.ts';

let sink: Sink;
let nowMs: number;
beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 5);
  sink = await startSink({ host: '127.0.0.1', port: 0, now: () => new Date(nowMs) });
});
afterEach(async () => {
  await sink.stop();
});

type Heard = { status?: number; headers?: Record<string, unknown>; bytes?: number; fault?: string };

/** What a plain client hears within the time. Without an answer it gives up. */
const ask = (path: string, options: { body?: unknown; patienceMs?: number; unpack?: boolean } = {}): Promise<Heard> =>
  new Promise((resolve) => {
    const { body = { messageId: 'm-1' }, patienceMs = 5_000, unpack = false } = options;
    const asked = request(`${sink.url}${path}`, { method: 'POST', agent: false }, (answer) => {
      let bytes = 0;
      const heard = (fault?: string) => {
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          bytes,
          ...(fault !== undefined && { fault }),
        });
        asked.destroy();
      };
      const stream = unpack ? answer.pipe(createGunzip()) : answer;
      stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
      stream.on('end', () => heard());
      answer.on('error', (error: NodeJS.ErrnoException) => heard(error.code));
      setTimeout(() => heard('patience'), patienceMs).unref();
    });
    asked.on('error', (error: NodeJS.ErrnoException) => resolve({ fault: error.code ?? error.message }));
    asked.setTimeout(patienceMs, () => {
      resolve({ fault: 'patience' });
      asked.destroy();
    });
    asked.end(JSON.stringify(body));
  });
const read = async (path: string): Promise<Record<string, unknown>> =>
  (await (await fetch(`${sink.url}${path}`)).json()) as Record<string, unknown>;
const order = async (body: unknown): Promise<number> =>
  (await fetch(`${sink.url}/script`, { method: 'POST', body: JSON.stringify(body) })).status;

test.each([
  ['/reset', 'ECONNRESET'],
  ['/close', 'ECONNRESET'],
  ['/garbage', 'HPE_INVALID_CONSTANT'],
  ['/hang', 'patience'],
])('%s: a client hears %s, and the try is remembered', async (path, fault) => {
  await expect(ask(path, { patienceMs: 200 })).resolves.toEqual({ fault });
  expect(await read('/attempts?messageId=m-1')).toEqual({
    attempts: [{ path, at: '2026-01-05T00:00:00.000Z', answer: path.slice(1) }],
  });
  expect(await read('/count')).toEqual({ requests: 1, events: 1, taken: 0, takenMessageIds: 0 });
});

test('a drip comes byte by byte', async () => {
  const heard = await ask('/drip/20', { patienceMs: 300 });
  expect(heard).toMatchObject({ status: 200, fault: 'patience' });
  expect(heard.bytes).toBeGreaterThan(2);
  expect(heard.bytes).toBeLessThan(20);
});

test('a giant is as large as it says, and a bomb a thousand times what it weighs', async () => {
  await expect(ask('/big/7')).resolves.toMatchObject({ status: 200, bytes: 7_000_000 });
  const packed = await ask('/bomb');
  expect(packed).toMatchObject({ status: 200, headers: expect.objectContaining({ 'content-encoding': 'gzip' }) });
  expect(packed.bytes).toBeLessThan(200_000);
  await expect(ask('/bomb', { unpack: true })).resolves.toMatchObject({ bytes: 100_000_000 });
}, 30_000);

test('a redirect leads to a path of the sink, where it can be seen whether anyone followed', async () => {
  await expect(ask('/redirect/301')).resolves.toMatchObject({
    status: 301,
    headers: expect.objectContaining({ location: '/redirected' }),
  });
});

test('what is taken and then refused counts as taken', async () => {
  await expect(ask('/commit-then/500')).resolves.toMatchObject({ status: 500 });
  await expect(ask('/commit-then/reset')).resolves.toEqual({ fault: 'ECONNRESET' });
  expect(await read('/ledger')).toEqual({
    paths: {
      '/commit-then/500': expect.objectContaining({ taken: 1, takenMessageIds: 1 }),
      '/commit-then/reset': expect.objectContaining({ taken: 1, takenMessageIds: 1 }),
    },
  });
});

test('the first requests of each event fail, whichever request brings it', async () => {
  const path = '/first/2/503';
  const answers = [];
  for (const id of ['a', 'b', 'a', 'a', 'b', 'b']) answers.push((await ask(path, { body: { messageId: id } })).status);
  expect(answers).toEqual([503, 503, 503, 200, 503, 200]);
  const list = await ask(path, { body: [{ messageId: 'a' }, { messageId: 'new' }] });
  expect(list.status).toBe(503);
});

test('a try that comes before Retry-After is noted as early (R5)', async () => {
  await ask('/retry-after/2');
  nowMs += 1_999;
  await ask('/retry-after/2');
  nowMs += 2_000;
  await ask('/retry-after/2');
  expect(await read('/ledger')).toEqual({
    paths: { '/retry-after/2': expect.objectContaining({ asked: 3, early: 1 }) },
  });
});

test('behaviour is changed at run time, for good or for a while', async () => {
  expect(await order({ path: '/tool', script: '/status/500' })).toBe(200);
  await expect(ask('/tool')).resolves.toMatchObject({ status: 500 });
  expect(await order({ path: '/tool', script: null })).toBe(200);
  await expect(ask('/tool')).resolves.toMatchObject({ status: 200 });

  await order({ path: '/tool', script: '/status/503', afterSeconds: 10, forSeconds: 60 });
  const statusAfter = async (seconds: number) => {
    nowMs = Date.UTC(2026, 0, 5) + seconds * 1_000;
    return (await ask('/tool')).status;
  };
  expect([await statusAfter(9), await statusAfter(10), await statusAfter(69), await statusAfter(70)]).toEqual([
    200, 503, 503, 200,
  ]);
  expect(await read('/count')).toMatchObject({ requests: 6 });
});

test.each([
  ['no JSON', 'x'],
  ['no path', { script: '/status/500' }],
  ['a path that is none', { path: 'tool', script: '/status/500' }],
  ['an unknown field', { path: '/tool', script: '/status/500', status: 500 }],
])('an order of %s is refused with a reason', async (_case, body) => {
  expect(await order(body)).toBe(400);
});

test('a sink that stops leaves nobody hanging', async () => {
  const heard = ask('/hang', { patienceMs: 20_000 });
  await wait(50);
  await sink.stop();
  await expect(heard).resolves.toEqual({ fault: 'ECONNRESET' });
  sink = await startSink({ host: '127.0.0.1', port: 0 });
});
