import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * What becomes no request is answered, too: text that is no HTTP, a body whose framing breaks, headers beyond what Node parses, CONNECT. The
 * answer comes after those to the whole requests that came before it on the same connection, and then the connection is closed.
 */
export function answerBrokenConnections(server: Server): void {
  const unanswered = new WeakMap<Duplex, Set<IncomingMessage>>();
  const lastWords = new WeakMap<Duplex, string>();

  const say = (socket: Duplex, status: string): void => {
    if (!socket.writable) return;
    // A request whose body did not come whole will get no answer of its own.
    if ([...(unanswered.get(socket) ?? [])].some(({ complete }) => complete)) {
      lastWords.set(socket, status);
      return;
    }
    const body = JSON.stringify({ message: status.slice(4) });
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  };

  server.on('request', (request, response) => {
    const { socket } = request;
    const waiting = unanswered.get(socket) ?? new Set<IncomingMessage>();
    unanswered.set(socket, waiting.add(request));
    response.on('close', () => {
      waiting.delete(request);
      const status = lastWords.get(socket);
      if (status !== undefined) say(socket, status);
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    say(socket, error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request');
  });
  server.on('connect', (_request, socket) => say(socket, '400 Bad Request'));
}
