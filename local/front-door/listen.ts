import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How many ports after the wanted one are tried before giving up. */
const PORT_TRIES_MAX = 50;

/**
 * Listens on `port`, or on the next free one after it; 0 takes any free port. Gives the port it got.
 * Throws when none of the next PORT_TRIES_MAX ports is free, or the host cannot be bound.
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  for (let tried = port; tried < port + PORT_TRIES_MAX; tried += 1) {
    try {
      await listenOn(server, host, tried);
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    }
  }
  throw new Error(`No free port on ${host} from ${port} to ${port + PORT_TRIES_MAX - 1}: give another one.`);
}

const listenOn = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      server.off('listening', listening);
      reject(error);
    };
    const listening = (): void => {
      server.off('error', failed);
      resolve();
    };
    server.once('error', failed);
    server.once('listening', listening);
    server.listen(port, host);
  });

/** `http://host:port`, an IPv6 host in brackets. A server on all interfaces is called by loopback. */
export const originOf = (host: string, port: number): string => {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return host.includes(':') ? `http://[${host}]:${port}` : `http://${host}:${port}`;
};
