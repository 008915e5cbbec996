import { createServer } from 'node:http';
import type { Socket } from 'node:net';

export type ByteSink = {
  url: string;
  /** Requests answered so far, and all bytes that came with them, heads included. */
  seen(): { requests: number; bytes: number };
  stop(): void;
};

/** A tool that takes everything and answers `{}` after so long. It counts and keeps nothing. */
export async function byteSink(answerAfterMs: number): Promise<ByteSink> {
  let requests = 0;
  let closedBytes = 0;
  const open = new Set<Socket>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume();
    request.on('end', () => {
      requests += 1;
      response.setHeader('content-type', 'application/json');
      setTimeout(() => response.end('{}'), answerAfterMs);
    });
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      closedBytes += socket.bytesRead;
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    seen: () => ({ requests, bytes: [...open].reduce((sum, { bytesRead }) => sum + bytesRead, closedBytes) }),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
