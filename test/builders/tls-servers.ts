import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { join } from 'node:path';

const DIRECTORY = join(import.meta.dirname, '..', 'fixtures', 'tls');
/** For NODE_EXTRA_CA_CERTS of a process that is to trust the good certificate. */
export const AUTHORITY_FILE = join(DIRECTORY, 'authority.pem');

const SHOWN = {
  good: { certificate: 'good' },
  expired: { certificate: 'expired' },
  'wrong-name': { certificate: 'wrong-name' },
  'self-signed': { certificate: 'self-signed' },
  /** Speaks TLS 1.1 at most, which nobody should accept any more. */
  outdated: { certificate: 'good', maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
} as const satisfies Record<string, ServerOptions & { certificate: string }>;
export type TlsKind = keyof typeof SHOWN;

/** HTTPS servers on 127.0.0.1, one for each certificate of test/fixtures/tls, that answer 200 to whoever gets through to them. */
export async function tlsServers(): Promise<{
  urls: Readonly<Record<TlsKind, string>>;
  /** Requests that got through, by server. */
  requests: Readonly<Record<TlsKind, number>>;
  stop: () => Promise<void>;
}> {
  const requests: Record<string, number> = {};
  const urls: Record<string, string> = {};
  const servers: Server[] = [];
  for (const [kind, { certificate, ...options }] of Object.entries(SHOWN)) {
    requests[kind] = 0;
    const server = createServer(
      {
        ...options,
        key: readFileSync(join(DIRECTORY, 'test-only-key.pem')),
        cert: readFileSync(join(DIRECTORY, `${certificate}.pem`)),
      },
      (request, response) => {
        requests[kind] = (requests[kind] ?? 0) + 1;
        request.resume().on('end', () => response.end('{}'));
      },
    );
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    urls[kind] = `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/${kind}`;
  }
  return {
    urls: urls as Record<TlsKind, string>,
    requests: requests as Record<TlsKind, number>,
    stop: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}
