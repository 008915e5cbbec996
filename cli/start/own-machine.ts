import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './listen.ts';

/** Not beyond this machine: what listens here answers without a token. */
export const HOST = '127.0.0.1';
/** Names of this machine; a page of the web that points a name of its own here is refused. */
const OWN_NAMES = new Set([HOST, 'localhost']);

export const isForThisMachine = ({ headers: { host = '' } }: IncomingMessage): boolean =>
  OWN_NAMES.has(host.replace(/:\d+$/, ''));

/** Listens on this machine alone, on the wished port or the next one that is free. Bodies of requests are not looked at. */
export async function serveOwnMachine(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  wishedPort: number,
): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume();
    answer(request, response);
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
