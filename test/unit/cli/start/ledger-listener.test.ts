import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ledgerListener } from '../../../../cli/start/ledger-listener.ts';

let api: Server;
let ledger: Awaited<ReturnType<typeof ledgerListener>>;
const asked: { url: string | undefined; authorization: string | undefined }[] = [];
let next = { status: 200, body: '[]' };

beforeAll(async () => {
  api = createServer((incoming, response) => {
    asked.push({ url: incoming.url, authorization: incoming.headers.authorization });
    response.writeHead(next.status, { 'content-type': 'application/json' }).end(next.body);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const { port } = api.address() as AddressInfo;
  ledger = await ledgerListener({ apiUrl: `http://127.0.0.1:${port}`, apiToken: 'trb_token' }, 0);
});
beforeEach(() => {
  asked.length = 0;
});
afterAll(async () => {
  await ledger.close();
  await new Promise((resolve) => api.close(resolve));
});

test.each(['', '/', '/ledger', '/any/path/'])(
  'GET %s without a token is the balance, asked with the seed’s',
  async (path) => {
    next = { status: 200, body: '[{"source":"src_1","accepted":3}]' };
    const answer = await fetch(`${ledger.url}${path}?from=2026-11-24T00`);
    expect([answer.status, await answer.json()]).toEqual([200, [{ source: 'src_1', accepted: 3 }]]);
    expect(asked).toEqual([{ url: '/app-api/balance?from=2026-11-24T00', authorization: 'Bearer trb_token' }]);
  },
);

test('its URL is an origin without a trailing slash, on this machine alone', () => {
  expect(ledger.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('each call asks anew, and errors are passed on', async () => {
  next = { status: 500, body: '{"errors":[{"type":"internal","status":500}]}' };
  const failed = await fetch(ledger.url);
  expect([failed.status, await failed.text()]).toEqual([500, next.body]);
  next = { status: 200, body: '[]' };
  expect((await fetch(ledger.url)).status).toBe(200);
  expect(asked).toHaveLength(2);
});

test('anything but GET is refused, and so is a foreign host name that leads here (T19)', async () => {
  expect((await fetch(ledger.url, { method: 'POST', body: '{}' })).status).toBe(405);
  const status = await new Promise((resolve, reject) => {
    request(ledger.url, { headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(403);
  expect(asked).toEqual([]);
});

test('an API that does not answer is a 502, not a hanging script', async () => {
  const lonely = await ledgerListener({ apiUrl: 'http://127.0.0.1:1', apiToken: 'x' }, 0);
  expect((await fetch(lonely.url)).status).toBe(502);
  await lonely.close();
});
