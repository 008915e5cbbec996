import { ARRIVALS_MAX, arrivals, eventsOf } from '../../../../cli/sink/arrivals.ts';
import { type Sink, startSink } from '../../../../cli/sink/start-sink.ts';

let sink: Sink;
let random = 0.5;
beforeEach(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0, random: () => random });
});
afterEach(async () => {
  await sink.stop();
});

const post = async (path: string, body: unknown): Promise<number> => {
  const response = await fetch(`${sink.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  await response.arrayBuffer();
  return response.status;
};
const get = async (path: string): Promise<unknown> => await (await fetch(`${sink.url}${path}`)).json();

test('an event that arrives can be found by its messageId, with what it was answered', async () => {
  expect(await post('/website', { messageId: 'm-1', type: 'track', event: 'Hello' })).toBe(200);
  expect(await post('/status/500', { messageId: 'm-2', type: 'page', name: 'Home' })).toBe(500);
  expect(await get('/events?messageId=m-1')).toEqual({
    events: [
      {
        number: 1,
        at: expect.any(String),
        path: '/website',
        status: 200,
        messageId: 'm-1',
        type: 'track',
        event: 'Hello',
        body: { messageId: 'm-1', type: 'track', event: 'Hello' },
      },
    ],
  });
  expect(await get('/count')).toEqual({ requests: 2, events: 2, taken: 1, takenMessageIds: 1 });
});

test('a list is as many events as it has, and one sent twice is one messageId', async () => {
  await post('/', [{ messageId: 'a' }, { messageId: 'b' }]);
  await post('/', { messageId: 'a' });
  expect(await get('/count')).toEqual({ requests: 2, events: 3, taken: 3, takenMessageIds: 2 });
});

test('DELETE /events forgets everything', async () => {
  await post('/', { messageId: 'a' });
  const response = await fetch(`${sink.url}/events`, { method: 'DELETE' });
  expect(await response.json()).toEqual({ requests: 0, events: 0, taken: 0, takenMessageIds: 0 });
  expect(await get('/events')).toEqual({ events: [] });
});

test('a page that watches is told of an arrival at once, and of recent ones when it opens', async () => {
  await post('/', { messageId: 'before' });
  const controller = new AbortController();
  const response = await fetch(`${sink.url}/live`, { signal: controller.signal });
  const reader = response.body?.getReader();
  let text = '';
  const readUntil = async (part: string) => {
    while (!text.includes(part)) text += new TextDecoder().decode((await reader?.read())?.value);
  };
  await readUntil('"before"');
  await post('/', { messageId: 'after' });
  await readUntil('"after"');
  controller.abort();
  expect(text).toMatch(/event: count\ndata: {"requests":1/);
});

test('the page builds text only, and its policy allows nothing from elsewhere', async () => {
  const response = await fetch(sink.url);
  const page = await response.text();
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
});

test('what is neither JSON nor small is taken as text, or refused', async () => {
  const response = await fetch(`${sink.url}/`, { method: 'POST', body: 'not json' });
  expect(response.status).toBe(200);
  const large = await fetch(`${sink.url}/`, { method: 'POST', body: 'x'.repeat(5_000_001) });
  expect(large.status).toBe(413);
});

test('memory is bounded, counts are not', () => {
  const memory = arrivals();
  for (let n = 0; n < 3 * ARRIVALS_MAX; n += 1) {
    memory.add({ at: 'now', path: '/', status: 200, isTaken: true, events: eventsOf(`{"messageId":"m${n}"}`) });
  }
  expect(memory.list()).toHaveLength(ARRIVALS_MAX);
  expect(memory.list().at(-1)?.messageId).toBe(`m${3 * ARRIVALS_MAX - 1}`);
  expect(memory.count()).toEqual({
    requests: 3 * ARRIVALS_MAX,
    events: 3 * ARRIVALS_MAX,
    taken: 3 * ARRIVALS_MAX,
    takenMessageIds: 3 * ARRIVALS_MAX,
  });
});

test('a taken port is passed over for the next free one', async () => {
  const second = await startSink({ host: '127.0.0.1', port: sink.port });
  expect(second.port).toBeGreaterThan(sink.port);
  await second.stop();
});
