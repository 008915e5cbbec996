import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a tracking API and passes all on, preflights after `delayMs`: the network of somebody far away. */
export async function slowPreflights(trackingUrl: string, delayMs: number) {
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'OPTIONS') await new Promise((resolve) => setTimeout(resolve, delayMs));
    const { host: _, connection: __, ...headers } = request.headers;
    const answer = await fetch(`${trackingUrl}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 && { body: Uint8Array.from(Buffer.concat(chunks)) }),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const { 'content-encoding': ___, 'content-length': ____, ...own } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, own).end(answer.status === 204 ? undefined : body);
  };
  const server = createServer((request, response) => {
    // A page that is gone, or a tracking API that is: nobody waits for an answer.
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: (): Promise<void> =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
