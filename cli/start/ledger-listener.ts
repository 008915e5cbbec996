import type { IncomingMessage, ServerResponse } from 'node:http';
import { HOST, isForThisMachine, serveOwnMachine } from './own-machine.ts';

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
  return await serveOwnMachine((request, response) => void pass(request, response), wishedPort);
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(body);
}

/** The App API's envelope of errors. */
const failure = (status: number, message: string): string =>
  JSON.stringify({ errors: [{ type: 'ledger', message, status }] });
