import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a tracking API and passes all on, preflights after `delayMs`: the network of somebody far away. */
export async function slowPreflights(trackingUrl: string, delayMs: number) {
  const server = createServer(async (request, response) => {
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
