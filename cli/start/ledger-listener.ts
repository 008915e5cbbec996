import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './listen.ts';

/** Not beyond this machine: it answers without a token. */
const HOST = '127.0.0.1';
/** Names of this machine; a page of the web that points a name of its own here is refused. */
const OWN_NAMES = new Set([HOST, 'localhost']);
/** The API's own timeout is half of it. */
const TIMEOUT_MS = 30_000;

/**
 * The balance for scripts, without a token: a GET of any path is GET /app-api/balance with the token of the seed, its query passed in, its answer
 * passed on as it is, errors included. Keeps nothing; the API itself answers the same for a second.
 */
export async function ledgerListener(
  { apiUrl, apiToken }: { apiUrl: string; apiToken: string },
  wishedPort: number,
): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'GET') return answer(response, 405, failure(405, 'Only GET is taken here.'));
    if (!isForThisMachine(request)) return answer(response, 403, failure(403, `Ask for ${HOST}.`));
    const { search } = new URL(request.url ?? '/', 'http://ledger');
    try {
      const found = await fetch(`${apiUrl}/app-api/balance${search}`, {
        headers: { authorization: `Bearer ${apiToken}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      answer(response, found.status, await found.text());
    } catch (error) {
      answer(response, 502, failure(502, `The API does not answer: ${error instanceof Error ? error.message : ''}`));
    }
  };
  const server = createServer((request, response) => {
    request.resume();
    void pass(request, response);
  });
  const port = await listen(server, HOST, wishedPort);
  return {
    url: `http://${HOST}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const isForThisMachine = ({ headers: { host = '' } }: IncomingMessage): boolean =>
  OWN_NAMES.has(host.replace(/:\d+$/, ''));

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(body);
}

/** The App API's envelope of errors. */
const failure = (status: number, message: string): string =>
  JSON.stringify({ errors: [{ type: 'ledger', message, status }] });
