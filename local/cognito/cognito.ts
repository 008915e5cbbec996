import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Provider } from 'oidc-provider';
import { AwsError, type JsonService, type ResourceProvider } from '../types.ts';
import { accountStore } from './account-store.ts';
import { federation } from './federation.ts';
import { grantStore } from './grant-store.ts';
import { type IssuerServer, issuerServer } from './issuer-server.ts';
import { oidcIssuer } from './oidc-issuer.ts';
import type { Pool } from './pool.ts';
import { poolKeys, removeKeys } from './pool-keys.ts';
import { poolOperations } from './pool-operations.ts';
import { poolProviders } from './pool-providers.ts';
import { signInTries } from './tries.ts';

export type CognitoOptions = {
  /** Accounts, sessions and keys. Who can read it can sign in as anybody here. */
  directory: string;
  host: string;
  /** Of the issuers, or the next free one after it; 0 for any. */
  port: number;
  onUnexpected: (error: unknown, call: string) => void;
};

export type Cognito = JsonService & {
  readonly providers: ResourceProvider[];
  /** The pools made so far. Each listens from its making on, and answers 503 until `open`. */
  list(): { poolId: string; issuer: string; clients: { clientId: string; callbackUrls: readonly string[] }[] }[];
  open(): void;
  close(): Promise<void>;
};

/**
 * User pools on one machine: accounts on disk, a sign-in page, and an issuer of OpenID Connect at the pool's provider URL. Nothing of the issuer is loaded
 * before somebody asks it.
 */
export function cognito({ directory, host, port, onUnexpected }: CognitoOptions): Cognito {
  const db = new DatabaseSync(join(directory, 'people.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  const accounts = accountStore(db);
  const grants = grantStore(db);
  const pools = new Map<string, Pool>();
  const issuers = new Map<string, Promise<Provider>>();

  const makeIssuer = async (pool: Pool): Promise<Provider> =>
    await oidcIssuer({
      pool,
      accounts,
      keys: await poolKeys(directory, pool.poolId),
      adapter: grants.adapterOf(pool),
      onUnexpected,
    });
  const issuerOf = (pool: Pool): Promise<Provider> => {
    let issuer = issuers.get(pool.poolId);
    if (issuer === undefined) {
      issuer = makeIssuer(pool);
      issuers.set(pool.poolId, issuer);
      // A disk that was full may have space later.
      issuer.catch(() => issuers.delete(pool.poolId));
    }
    return issuer;
  };

  let server: Promise<IssuerServer> | undefined;
  const serve = (): Promise<IssuerServer> => {
    server ??= issuerServer({
      host,
      port,
      pools,
      issuerOf,
      accounts,
      federated: federation(accounts),
      tries: signInTries(Date.now),
      onUnexpected,
    });
    return server;
  };
  const forget = (poolId: string): void => {
    pools.delete(poolId);
    issuers.delete(poolId);
    accounts.removePool(poolId);
    grants.removePool(poolId);
    removeKeys(directory, poolId);
  };
  const operations = poolOperations({
    pools,
    accounts,
    signOut: ({ poolId, subject }) => grants.removeAccount(poolId, subject),
    forget,
  });

  return {
    name: 'cognito-idp',
    call: async (operation, input) => {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (run === undefined) {
        throw new AwsError('UnknownOperationException', `The local cloud does not have cognito-idp:${operation}`);
      }
      return await run(input);
    },
    providers: poolProviders({ pools, accounts, issuerUrl: async () => (await serve()).url, forget }),
    list: () =>
      [...pools.values()].map(({ poolId, issuer, clients }) => ({
        poolId,
        issuer,
        clients: [...clients.values()].map(({ clientId, callbackUrls }) => ({ clientId, callbackUrls })),
      })),
    open: () => void server?.then((listening) => listening.open()),
    close: async () => {
      await (await server)?.close();
      db.close();
    },
  };
}
