import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { guardedFetch } from '../../../../shared/destinations/guarded-fetch.ts';
import { RESPONSE_BYTES_MAX } from '../../../../shared/destinations/read-response.ts';
import { aSendContext, fakeDns, runInSendContext } from '../../../builders/send-context.ts';
import { type Answer, toolServer } from '../../../builders/tool-server.ts';

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp(answer?: Answer, over: Parameters<typeof aSendContext>[0] = {}) {
  const tool = await toolServer(answer);
  closing.push(tool.close);
  const context = aSendContext({ allowed: tool.host, ...over });
  return {
    tool,
    context,
    ask: (url: string, init?: Parameters<typeof guardedFetch>[1]) =>
      runInSendContext(context, () => guardedFetch(url, init)),
  };
}

test('a name that is not known is a network error', async () => {
  const { ask } = await setUp();
  await expect(ask('https://nobody.example/')).rejects.toMatchObject({ name: 'NetworkError', code: 'ENOTFOUND' });
});

test.each([
  ['only the port that is listed', (port: number) => `127.0.0.1:${port + 1}`],
  ['only the host that is listed', (port: number) => `127.0.0.2:${port}`],
  ['nothing by half an entry', () => '127.0.0.1'],
])('a private target may be reached if it is listed: %s', async (_case, entry) => {
  const { tool, ask } = await setUp();
  await expect(ask(`${tool.origin}/`)).resolves.toMatchObject({ status: 200 });
  const other = aSendContext({ allowed: entry(tool.port) });
  await expect(runInSendContext(other, () => guardedFetch(`${tool.origin}/`))).rejects.toMatchObject({
    name: 'TargetRefusedError',
    code: 'INVALID_SETTINGS',
  });
  expect(tool.arrivals).toHaveLength(1);
});

test('a star lets every private target be reached, but never ourselves', async () => {
  const { tool } = await setUp();
  const open = aSendContext({ allowed: '*' });
  await expect(runInSendContext(open, () => guardedFetch(tool.origin))).resolves.toMatchObject({ status: 200 });
  for (const ownHosts of [tool.host, '127.0.0.1', `other.example, ${tool.host}`]) {
    const context = aSendContext({ allowed: '*', ownHosts });
    await expect(runInSendContext(context, () => guardedFetch(tool.origin))).rejects.toThrow('this deployment itself');
  }
  const named = aSendContext({
    allowed: '*',
    ownHosts: 'api.example',
    resolve: fakeDns({ 'api.example': ['127.0.0.1'] }),
  });
  for (const url of ['https://api.example/', 'https://API.example./v1/t', 'https://api.example:8443/']) {
    await expect(runInSendContext(named, () => guardedFetch(url))).rejects.toThrow('this deployment itself');
  }
});

test('a destination that may reach us reaches the tracking API, and nothing else of ours', async () => {
  const { tool } = await setUp();
  const ours = { ownHosts: `${tool.host},api.example`, trackingUrl: tool.origin };
  const repeater = aSendContext({ ...ours, mayReachUs: true });
  await expect(runInSendContext(repeater, () => guardedFetch(`${tool.origin}/v1/batch`))).resolves.toMatchObject({
    status: 200,
  });
  for (const url of [
    tool.origin,
    `${tool.origin}/v1/`,
    `${tool.origin}/v1/batch/../../admin`,
    `${tool.origin}/v1/a/b`,
    `${tool.origin}/app-api/v1/batch`,
    `https://${tool.host}/v1/batch`,
    'https://api.example/v1/batch',
  ]) {
    await expect(runInSendContext(repeater, () => guardedFetch(url))).rejects.toThrow('this deployment itself');
  }
  const others = aSendContext(ours);
  await expect(runInSendContext(others, () => guardedFetch(`${tool.origin}/v1/batch`))).rejects.toThrow('itself');
  const unknown = aSendContext({ ownHosts: tool.host, mayReachUs: true });
  await expect(runInSendContext(unknown, () => guardedFetch(`${tool.origin}/v1/batch`))).rejects.toThrow('itself');
  expect(tool.arrivals).toHaveLength(1);
});

test('our tracking API is reached by its name, wherever that leads', async () => {
  const { tool } = await setUp();
  const trackingUrl = `http://t.example:${tool.port}`;
  const resolve = fakeDns({ 't.example': ['127.0.0.1'] });
  const context = aSendContext({ ownHosts: `t.example,${tool.host}`, trackingUrl, resolve, mayReachUs: true });
  await expect(runInSendContext(context, () => guardedFetch(`${trackingUrl}/v1/batch`))).resolves.toMatchObject({
    status: 200,
  });
});

test('another name of our own address is ourselves, too, on that port alone', async () => {
  const { tool } = await setUp();
  const resolve = fakeDns({ localhost: ['::1', '127.0.0.1'] });
  const ours = aSendContext({ allowed: '*', ownHosts: tool.host, resolve });
  const neighbour = aSendContext({
    allowed: '*',
    ownHosts: `127.0.0.1:${tool.port + 1}`,
    resolve: fakeDns({ localhost: ['127.0.0.1'] }),
  });
  const url = `http://localhost:${tool.port}/v1/t`;
  await expect(runInSendContext(ours, () => guardedFetch(url))).rejects.toThrow('this deployment itself');
  expect(tool.arrivals).toHaveLength(0);
  await expect(runInSendContext(neighbour, () => guardedFetch(url))).resolves.toMatchObject({ status: 200 });
});

test('outside of a send nothing goes out', async () => {
  const { tool } = await setUp();
  await expect(guardedFetch(tool.origin)).rejects.toThrow('outside of a send');
  expect(tool.connections()).toBe(0);
});

test('headers of the connection cannot be set by a mapping, and the number of hops is ours', async () => {
  const { tool, ask } = await setUp(undefined, { hopThroughUs: 3 });
  await ask(tool.origin, {
    method: 'POST',
    body: 'hello',
    headers: {
      host: 'internal.example',
      'transfer-encoding': 'chunked',
      'content-length': '999',
      connection: 'upgrade',
      upgrade: 'websocket',
      'x-tributary-hop': '0',
      'user-agent': 'Segment (Actions)',
      'x-mine': 'kept',
    },
  });
  expect(tool.arrivals).toEqual([
    {
      method: 'POST',
      url: '/',
      body: 'hello',
      headers: {
        host: tool.host,
        connection: 'keep-alive',
        accept: '*/*',
        'content-length': '5',
        'content-type': 'text/plain;charset=UTF-8',
        'user-agent': expect.stringMatching(/^Tributary\//),
        'x-tributary-hop': '3',
        'x-mine': 'kept',
      },
    },
  ]);
});

test('an answer is read up to its bound, and the socket closed', async () => {
  const closed = Promise.withResolvers<void>();
  const { tool, ask } = await setUp((_arrival, response, request) => {
    request.socket.on('close', () => closed.resolve());
    const more = (): void => {
      while (response.write('x'.repeat(65_536))) continue;
      response.once('drain', more);
    };
    more();
  });
  const response = await ask(tool.origin);
  expect((await response.text()).length).toBe(RESPONSE_BYTES_MAX);
  await closed.promise;
});

test.each([
  ['gzip', (bytes: Buffer) => gzipSync(bytes)],
  ['br', (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })],
])('a small %s body that unpacks into 100 MB is cut at the bound', async (encoding, pack) => {
  const bomb = pack(Buffer.alloc(100_000_000));
  const { tool, ask } = await setUp((_arrival, response) => {
    response.writeHead(200, { 'content-encoding': encoding });
    response.end(bomb);
  });
  const before = process.memoryUsage().rss;
  expect((await (await ask(tool.origin)).text()).length).toBe(RESPONSE_BYTES_MAX);
  expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
});

test.each([
  ['gzip', gzipSync('{"ok":true}'), '{"ok":true}'],
  ['gzip', Buffer.from('not packed at all'), ''],
  ['gzip', gzipSync('{"ok":true}').subarray(0, 12), '{'],
  ['gzip, gzip', Buffer.from('as it is'), 'as it is'],
])('a body packed as %s is unpacked as far as it can be', async (encoding, body, text) => {
  const { tool, ask } = await setUp((_arrival, response) => {
    response.writeHead(200, { 'content-encoding': encoding });
    response.end(body);
  });
  await expect((await ask(tool.origin)).text()).resolves.toBe(text);
});

test('a connection that ends within the answer is a network error', async () => {
  const { tool, ask } = await setUp((_arrival, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('begun');
    setImmediate(() => response.destroy());
  });
  await expect(ask(tool.origin)).rejects.toMatchObject({ name: 'NetworkError', code: 'ECONNRESET' });
});

test.each([
  ['no answer at all', () => undefined],
  ['a body that drips', (response: { write: (text: string) => void }) => response.write('x')],
])('the deadline ends %s', async (_case, answer) => {
  const { tool, ask } = await setUp((_arrival, response) => answer(response), { deadlineMs: performance.now() + 150 });
  await expect(ask(tool.origin)).rejects.toMatchObject({ name: 'SendTimeoutError', code: 'ETIMEDOUT' });
});

test('a send that is over asks for nothing more', async () => {
  const { tool, ask } = await setUp(undefined, { isOver: true });
  await expect(ask(tool.origin)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(tool.connections()).toBe(0);
});

test('a request that is aborted ends', async () => {
  const abort = new AbortController();
  const { tool, ask } = await setUp(() => abort.abort());
  await expect(ask(tool.origin, { signal: abort.signal })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test('an answer that switches protocols is a network error', async () => {
  const { tool, ask } = await setUp((_arrival, _response, request) => {
    request.socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
  });
  await expect(ask(tool.origin)).rejects.toMatchObject({ name: 'NetworkError' });
});

/** Answers the first request of each connection, and ends the connection at the second as told. */
async function flakyServer(second: string) {
  let requests = 0;
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections += 1;
    let seen = 0;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      seen += 1;
      requests += 1;
      if (seen === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      else if (second === '') socket.destroy();
      else socket.end(second);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, requests: () => requests, connections: () => connections };
}

test('a kept socket that turns out dead before any byte of an answer is replaced once (L4)', async () => {
  const server = await flakyServer('');
  const context = aSendContext({ allowed: server.host });
  closing.push(() => context.http.agents.http.destroy());
  const ask = () =>
    runInSendContext(context, () => guardedFetch(`http://${server.host}/`, { method: 'POST', body: 'x' }));
  await expect(ask()).resolves.toMatchObject({ status: 200 });
  await expect(ask()).resolves.toMatchObject({ status: 200 });
  expect([server.requests(), server.connections()]).toEqual([3, 2]);
});

test('once a byte of an answer has come, nothing is sent a second time', async () => {
  const server = await flakyServer('HTTP/1.1 2');
  const context = aSendContext({ allowed: server.host });
  closing.push(() => context.http.agents.http.destroy());
  const ask = () =>
    runInSendContext(context, () => guardedFetch(`http://${server.host}/`, { method: 'POST', body: 'x' }));
  await ask();
  await expect(ask()).rejects.toMatchObject({ name: 'NetworkError' });
  expect([server.requests(), server.connections()]).toEqual([2, 1]);
});

test('a fresh socket that breaks is not tried again', async () => {
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = aSendContext({ allowed: host });
  await expect(runInSendContext(context, () => guardedFetch(`http://${host}/`))).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
  expect(connections).toBe(1);
});

test('what is written down of an exchange is what happened, cut', async () => {
  const { tool, context, ask } = await setUp((_arrival, response) => {
    response.writeHead(418, { 'x-reason': 'teapot' });
    response.end('short and stout');
  });
  await ask(`${tool.origin}/tea?k=v`, { method: 'PUT', body: 'y'.repeat(10_000) });
  expect(context.exchanges).toMatchObject([
    {
      method: 'PUT',
      url: `${tool.origin}/tea?k=v`,
      status: 418,
      responseHeaders: { 'x-reason': 'teapot' },
      tookMs: expect.any(Number),
    },
  ]);
  expect(context.exchanges[0]?.body.length).toBe(4_096);
  expect(context.exchanges[0]?.responseBody?.toString()).toBe('short and stout');
});

test('sends at the same time write down their own exchanges only', async () => {
  const { tool } = await setUp(({ url }, response) => void setTimeout(() => response.end(url), url === '/0' ? 30 : 0));
  const contexts = Array.from({ length: 5 }, () => aSendContext({ allowed: tool.host }));
  await Promise.all(
    contexts.map((context, index) => runInSendContext(context, () => guardedFetch(`${tool.origin}/${index}`))),
  );
  expect(contexts.map(({ exchanges }) => exchanges.map((each) => each.responseBody?.toString()))).toEqual(
    contexts.map((_, index) => [`/${index}`]),
  );
});
