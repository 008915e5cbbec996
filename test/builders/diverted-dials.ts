import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  isIP,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net';
import type { GuardedHttp } from '../../shared/destinations/send-context.ts';

/** The address of the one tool that may be reached; whatever else is dialled ends in the trap. */
export const TOOL_ADDRESS = '93.184.216.34';

type Loopback = '127.0.0.1' | '::1';
type Dial = { port: number; host: Loopback };

/**
 * A world in which every https connection that the guard lets through ends on loopback, in plain text: at the tool where TOOL_ADDRESS is
 * dialled and nothing else, otherwise in a trap that counts connections. Names are still looked up by the hook that checks them.
 */
export async function divertedDials(
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) =>
    void response.end('{}'),
) {
  let trapped = 0;
  let reached = 0;
  const open = new Set<Socket>();
  const trap = () =>
    createTcpServer((socket) => {
      trapped += 1;
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}');
    });
  const tool = createServer((request, response) => {
    reached += 1;
    request.resume().on('end', () => answer(request, response));
  });
  const [trap4, trap6] = [trap(), trap()];
  const at = {
    tool: { port: await portOf(tool, '127.0.0.1'), host: '127.0.0.1' },
    trap4: { port: await portOf(trap4, '127.0.0.1'), host: '127.0.0.1' },
    trap6: { port: await portOf(trap6, '::1'), host: '::1' },
  } satisfies Record<string, Dial>;
  const dialOf = (addresses: readonly string[]): Dial => {
    const other = addresses.find((address) => address !== TOOL_ADDRESS);
    if (other === undefined) return at.tool;
    return isIP(other) === 6 ? at.trap6 : at.trap4;
  };

  /** Keeps sockets or does not, as the agents of the real way out do. */
  const agent = (keepAlive: boolean): HttpsAgent => {
    const made = new HttpsAgent({ keepAlive });
    made.createConnection = (
      options: AgentOptions & { lookup: LookupFunction },
      done: (error: Error | null, socket?: unknown) => void,
    ) => {
      const host = String(options.host);
      if (isIP(host) !== 0) return connect(dialOf([host]));
      options.lookup(host, { all: true }, (error, found) => {
        if (error) done(error);
        else done(null, connect(dialOf((found as { address: string }[]).map(({ address }) => address))));
      });
      return undefined;
    };
    return made;
  };

  return {
    /** Connections that came to the trap. */
    trapped: () => trapped,
    /** Requests that came to the tool. */
    reached: () => reached,
    divert: <T extends GuardedHttp>(http: T): T => ({
      ...http,
      agents: { ...http.agents, https: agent(true) },
      freshAgents: { ...http.freshAgents, https: agent(false) },
    }),
    close: async () => {
      tool.closeAllConnections();
      for (const socket of open) socket.destroy();
      for (const server of [tool, trap4, trap6]) await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function portOf(server: HttpServer | Server, host: Loopback): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}
