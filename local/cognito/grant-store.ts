import type { DatabaseSync } from 'node:sqlite';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { AppClient } from './pool.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS grants (
    pool TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, grant_id TEXT, uid TEXT, payload TEXT NOT NULL,
    consumed_at_ms INTEGER, ends_at_ms INTEGER NOT NULL, PRIMARY KEY (pool, kind, id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS grants_by_grant ON grants (pool, grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS grants_by_uid ON grants (pool, uid) WHERE uid IS NOT NULL;
`;
/** What has ended is deleted this often, when something is written. */
const SWEEP_MS = 60_000;
/** Of what the library gives no end: nothing of ours lives longer than a refresh token (Cognito: ten years at most; ours seven days). */
const LIFE_SECONDS_MAX = 31 * 86_400;

/** Sessions, codes, grants and refresh tokens of a pool, on disk: a person who is signed in stays so over a restart. */
export type GrantStore = {
  adapterOf(pool: { poolId: string; clients: ReadonlyMap<string, AppClient> }): (kind: string) => Adapter;
  /** Ends all that an account is signed in with, the sign-in page's own session too. */
  removeAccount(poolId: string, subject: string): void;
  removePool(poolId: string): void;
};

export function grantStore(db: DatabaseSync): GrantStore {
  db.exec(SCHEMA);
  const read = db.prepare('SELECT * FROM grants WHERE pool = ? AND kind = ? AND id = ? AND ends_at_ms > ?');
  const readByUid = db.prepare('SELECT * FROM grants WHERE pool = ? AND kind = ? AND uid = ? AND ends_at_ms > ?');
  const write = db.prepare(
    `INSERT INTO grants (pool, kind, id, grant_id, uid, payload, ends_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (pool, kind, id) DO UPDATE SET grant_id = excluded.grant_id, uid = excluded.uid, payload = excluded.payload, ends_at_ms = excluded.ends_at_ms`,
  );
  const consume = db.prepare(
    'UPDATE grants SET consumed_at_ms = coalesce(consumed_at_ms, ?) WHERE pool = ? AND kind = ? AND id = ?',
  );
  const erase = db.prepare('DELETE FROM grants WHERE pool = ? AND kind = ? AND id = ?');
  const eraseGrant = db.prepare('DELETE FROM grants WHERE pool = ? AND grant_id = ?');
  const sweep = db.prepare('DELETE FROM grants WHERE ends_at_ms <= ?');
  const eraseAccount = db.prepare("DELETE FROM grants WHERE pool = ? AND json_extract(payload, '$.accountId') = ?");
  const erasePool = db.prepare('DELETE FROM grants WHERE pool = ?');
  let sweptAtMs = 0;

  const adapterOf: GrantStore['adapterOf'] =
    ({ poolId, clients }) =>
    (kind) => {
      const payloadOf = (row: Record<string, unknown> | undefined): AdapterPayload | undefined => {
        if (row === undefined) return undefined;
        const payload = JSON.parse(String(row['payload'])) as AdapterPayload;
        const consumedAtMs = row['consumed_at_ms'];
        if (typeof consumedAtMs !== 'number') return payload;
        const graceSeconds =
          kind === 'RefreshToken' ? (clients.get(payload.clientId ?? '')?.rotationGraceSeconds ?? 0) : 0;
        const isForgiven = Date.now() - consumedAtMs < graceSeconds * 1_000;
        return isForgiven ? payload : { ...payload, consumed: Math.floor(consumedAtMs / 1_000) };
      };
      const find = async (id: string) =>
        kind === 'Client' ? clientMetadata(clients.get(id)) : payloadOf(read.get(poolId, kind, id, Date.now()));
      return {
        find,
        findByUid: async (uid) => payloadOf(readByUid.get(poolId, kind, uid, Date.now())),
        findByUserCode: async () => undefined,
        upsert: async (id, payload, expiresIn = LIFE_SECONDS_MAX) => {
          const nowMs = Date.now();
          if (nowMs - sweptAtMs > SWEEP_MS) {
            sweptAtMs = nowMs;
            sweep.run(nowMs);
          }
          const endsAtMs = nowMs + Math.min(expiresIn, LIFE_SECONDS_MAX) * 1_000;
          const { grantId = null, uid = null } = payload;
          write.run(poolId, kind, id, grantId, uid, JSON.stringify(payload), endsAtMs);
        },
        consume: async (id) => void consume.run(Date.now(), poolId, kind, id),
        destroy: async (id) => void erase.run(poolId, kind, id),
        revokeByGrantId: async (grantId) => void eraseGrant.run(poolId, grantId),
      };
    };
  return {
    adapterOf,
    removeAccount: (poolId, subject) => void eraseAccount.run(poolId, subject),
    removePool: (poolId) => void erasePool.run(poolId),
  };
}

/** A public client as the library wants it described. */
const clientMetadata = (client: AppClient | undefined): AdapterPayload | undefined =>
  client && {
    client_id: client.clientId,
    application_type: 'web',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    require_auth_time: true,
    redirect_uris: [...client.callbackUrls],
    scope: client.scopes.join(' '),
  };
