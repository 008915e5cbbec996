import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerBrokenConnections } from '../../../../local/http-api/broken-connections.ts';
import { rawExchange } from '../../../builders/raw-http.ts';

let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A server that answers whole requests after a while, as a gateway that waits for its function does. */
async function setUp(): Promise<string> {
  server = createServer((request, response) => {
    request.resume().on('end', () => setTimeout(() => response.end('ok'), 20));
  });
  answerBrokenConnections(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const GOOD = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const CHUNKED = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';

test.each([
  ['text that is no HTTP', 'nonsense\r\n\r\n', [400]],
  ['CONNECT', 'CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
  ['headers of 20 KB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, [431]],
  ['a body whose framing breaks', `${CHUNKED}zz\r\n`, [400]],
  ['a good request before it: that is answered first', `${GOOD}nonsense\r\n\r\n`, [200, 400]],
  ['two good ones before a broken body', `${GOOD}${GOOD}${CHUNKED}2\r\n{}zz`, [200, 200, 400]],
  ['CONNECT behind a good one', `${GOOD}CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n`, [200, 400]],
])('%s is answered, and the connection is closed', async (_case, text, statuses) => {
  const url = await setUp();
  const result = await rawExchange(url, [Buffer.from(text)], { answers: statuses.length + 1, withinMs: 2_000 });
  expect(result.answers.map(({ status }) => status)).toEqual(statuses);
  expect(result.end).toBe('closed');
});
