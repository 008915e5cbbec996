import type { Server } from 'node:http';
import { CliError } from '../cli-error.ts';

/** Ports that are tried upward from the wished one. */
const PORTS_TRIED_MAX = 50;

/** Listens on a port, or on the next one that is free, and answers which it is. Throws CliError for a host that is not this machine's. */
export async function listen(server: Server, host: string, wished: number): Promise<number> {
  for (let port = wished; port < wished + PORTS_TRIED_MAX && port <= 65_535; port += 1) {
    const fault = await tryToListen(server, host, port);
    if (fault === undefined) {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    }
    if (fault.code === 'EADDRNOTAVAIL' || fault.code === 'ENOTFOUND') {
      throw new CliError(`${host} is not an address of this machine; leave --host out, or use 0.0.0.0 for all.`);
    }
    if (fault.code !== 'EADDRINUSE' && fault.code !== 'EACCES') throw fault;
  }
  throw new CliError(
    `None of the ports ${wished} to ${wished + PORTS_TRIED_MAX - 1} is free; choose others with --port.`,
  );
}

const tryToListen = (server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error);
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(undefined);
    });
  });
