import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ASSERTION_KEY_PREFIX, TOKEN_KEY_PREFIX } from '../config/key-prefixes.ts';
import { type AccessGrant, AccessToken } from '../domain/access-token.ts';
import type { OAuthAppId } from '../domain/ids.ts';
import { OAuthApp } from '../domain/workspace.ts';
import type { AccessGrants, TokenLedger } from '../ports/access-tokens.ts';
import { configCache } from './config-cache.ts';
import { controlKeys } from './control-keys.ts';
import type { LightClient } from './light-client.ts';
import { lightItems } from './light-items.ts';

/**
 * Tokens and used assertions are in the usage table: they end by themselves, nobody needs them back after a loss, and whoever may write them may write
 * nothing that people configure. Apps are in the control table.
 */
export type TokenTables = { control: string; usage: string };

/** Tokens that one environment of ingest remembers, and as many that there are not. */
const TOKENS_MAX = 1_000;
/** DynamoDB deletes some time after it; until then the expiry in the item counts. */
const KEPT_AFTER_SECONDS = 3_600;

const Use = z.object({ writeId: z.object({ S: z.string() }) });

export const accessTokenKey = (sha256: string) => ({ pk: `${TOKEN_KEY_PREFIX}${sha256}`, sk: 'OTOK' });

const appOf = (dynamo: LightClient, { control }: TokenTables) => {
  const read = lightItems(dynamo, control);
  return (id: OAuthAppId) => read(controlKeys.oauthAppOwner(id), OAuthApp);
};

/** Two strong reads of a token that was not seen within CONFIG_CHECK_MS: a token that is revoked, and an app that is changed, is known within that. */
export function lightAccessGrants(
  dynamo: LightClient,
  tables: TokenTables,
  options: { nowMs?: () => number } = {},
): AccessGrants {
  const read = lightItems(dynamo, tables.usage);
  const findApp = appOf(dynamo, tables);
  const cache = configCache<string, AccessGrant>({
    entriesMax: TOKENS_MAX,
    nowMs: options.nowMs ?? Date.now,
    lookUp: async (sha256, known) => {
      // A token never changes its app: both reads at once where it is known.
      const [token, knownApp] = await Promise.all([
        read(accessTokenKey(sha256), AccessToken),
        known && findApp(known.token.appId),
      ]);
      if (token === undefined) return undefined;
      const app = known === undefined ? await findApp(token.appId) : knownApp;
      return app && { token, app };
    },
  });
  return { find: (sha256) => cache.get(sha256) };
}

export function lightTokenLedger(dynamo: LightClient, tables: TokenTables): TokenLedger {
  const item = (key: { pk: string; sk: string }, expiresMs: number, more: Record<string, string>) => ({
    pk: { S: key.pk },
    sk: { S: key.sk },
    expiresAtSeconds: { N: String(Math.ceil(expiresMs / 1_000) + KEPT_AFTER_SECONDS) },
    ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, { S: value }])),
  });
  return {
    findApp: appOf(dynamo, tables),
    rememberAssertion: async ({ appId, jti, expiresAt, writeId }) => {
      // Hashed: any text, of any length, is a key then.
      const name = createHash('sha256').update(`${appId} ${jti}`).digest('hex');
      const result = await dynamo.callIf('PutItem', {
        TableName: tables.usage,
        Item: item({ pk: `${ASSERTION_KEY_PREFIX}${name}`, sk: 'JTI' }, expiresAt.getTime(), { writeId }),
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      if (result.outcome === 'done') return 'first';
      // A try that was saved but timed out meets itself.
      return Use.safeParse(result.item).data?.writeId.S === writeId ? 'first' : 'repeated';
    },
    save: async (sha256, token) => {
      await dynamo.call('PutItem', {
        TableName: tables.usage,
        Item: item(accessTokenKey(sha256), Date.parse(token.expiresAt), { data: JSON.stringify(token) }),
      });
    },
  };
}
