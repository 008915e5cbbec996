import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';

/**
 * What becomes of a request on its way: `pass`; `answer lost`: it reaches the other side, and the client sees a broken connection; `answer 503`: it
 * reaches the other side, and the client is told that it failed; `slow down`: it does not, and the client is told to come again in a second.
 */
export type Fate = 'pass' | 'answer lost' | 'answer 503' | 'slow down';

export type LossyProxy = {
  url: string;
  /** Fates of the next requests, in order; after them everything passes. */
  next(fates: readonly Fate[]): void;
  /** Requests seen so far, each with its fate and body. */
  seen(): readonly { fate: Fate; path: string; headers: IncomingMessage['headers']; body: Buffer }[];
  stop(): void;
};

/** Stands between a client library and the tracking API, and loses answers: what libraries send again is what de-duplication is for. */
export async function lossyProxy(targetUrl: string): Promise<LossyProxy> {
  const target = new URL(targetUrl);
  const seen: { fate: Fate; path: string; headers: IncomingMessage['headers']; body: Buffer }[] = [];
  let fates: Fate[] = [];

  const forward = (request: IncomingMessage, body: Buffer): Promise<{ status: number; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const onward = httpRequest(
        {
          hostname: target.hostname,
          port: target.port,
          method: request.method,
          path: request.url,
          headers: { ...request.headers, host: target.host },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }));
          answer.on('error', reject);
        },
      );
      onward.on('error', reject);
      onward.end(body);
    });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const fate = fates.shift() ?? 'pass';
    seen.push({ fate, path: request.url ?? '', headers: request.headers, body });
    if (fate === 'slow down') {
      response.writeHead(429, { 'Retry-After': '1' }).end();
      return;
    }
    const answer = await forward(request, body);
    if (fate === 'answer lost') request.socket.destroy();
    else if (fate === 'answer 503') response.writeHead(503).end();
    else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    next: (list) => {
      fates = [...list];
    },
    seen: () => seen,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
