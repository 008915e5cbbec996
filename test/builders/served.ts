import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Served = { url: string; close: () => Promise<void> };
export type Arrived = {
  method: string;
  path: string;
  query: string;
  headers: IncomingMessage['headers'];
  body: string;
};
export type Reply = { status: number; headers?: Record<string, string>; body: string };

/** Answers requests on a free port of this machine. */
export async function served(answer: (arrived: Arrived) => Promise<Reply> | Reply): Promise<Served> {
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const { method = 'GET', headers } = request;
    const reply = await answer({ method, path, query, headers, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(reply.status, { 'Content-Type': 'application/json', ...reply.headers });
    response.end(reply.body);
  };
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      response.writeHead(500);
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
