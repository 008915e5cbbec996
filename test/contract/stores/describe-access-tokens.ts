import { createHash } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { revokeAccessToken } from '../../../shared/aws/dynamo-access-tokens.ts';
import { dynamoControlStore } from '../../../shared/aws/dynamo-control-store.ts';
import { lightAccessGrants, lightTokenLedger } from '../../../shared/aws/light-access-tokens.ts';
import { CONFIG_CHECK_MS } from '../../../shared/config/limits.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aLightClient } from '../../builders/light-client-of.ts';
import { anAccessToken, anOAuthApp } from '../../builders/oauth-client.ts';
import { aStateTable } from '../../builders/state-table.ts';
import { aWorkspace } from '../../builders/workspace-things.ts';

const SHA256 = createHash('sha256').update('oat_x').digest('hex');

/** What the two sides of OAuth promise of apps that people save and tokens that end (E04). */
export function describeAccessTokens(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(`access tokens, on ${name}`, () => {
    let backend: DynamodbBackend;
    beforeAll(async () => {
      backend = await start();
    }, 90_000);
    afterAll(() => backend?.close());

    const setUp = async () => {
      const { client } = backend;
      const doc = DynamoDBDocumentClient.from(client);
      const tables = { control: await aStateTable(client), usage: await aStateTable(client) };
      const control = dynamoControlStore(doc, tables.control);
      await control.saveWorkspace(aWorkspace(), 'w1');
      const saved = await control.saveOAuthApp(anOAuthApp('pem', { version: 0 }), 'w2');
      if (saved.outcome !== 'saved') throw new Error('a new app');
      const light = await aLightClient(client);
      let nowMs = 0;
      return {
        control,
        app: saved.value,
        ledger: lightTokenLedger(light, tables),
        grants: lightAccessGrants(light, tables, { nowMs: () => nowMs }),
        pass: (ms: number) => (nowMs += ms),
        revoke: () => revokeAccessToken(doc, tables.usage, SHA256),
        itemOf: async (pk: string, sk: string) => {
          const Key = { pk: { S: pk }, sk: { S: sk } };
          return (await client.send(new GetItemCommand({ TableName: tables.usage, Key }))).Item;
        },
      };
    };

    test('a token is found by its hash with its app as it is now, until it is revoked', async () => {
      const { control, app, ledger, grants, pass, revoke, itemOf } = await setUp();
      const token = anAccessToken();
      await expect(ledger.findApp(app.id)).resolves.toEqual(app);
      await ledger.save(SHA256, token);
      await expect(grants.find(SHA256)).resolves.toEqual({ token, app });
      const item = await itemOf(`OTOK#${SHA256}`, 'OTOK');
      expect(item?.['expiresAtSeconds']).toEqual({ N: String(Date.parse(token.expiresAt) / 1_000 + 3_600) });
      expect(JSON.stringify(item)).not.toContain('oat_x');

      await control.saveOAuthApp({ ...app, sourceIds: [] }, 'w3');
      pass(CONFIG_CHECK_MS);
      await expect(grants.find(SHA256)).resolves.toMatchObject({ app: { sourceIds: [] } });

      await expect(revoke()).resolves.toBe(true);
      await expect(revoke()).resolves.toBe(false);
      await expect(grants.find(SHA256)).resolves.toBeDefined();
      pass(CONFIG_CHECK_MS);
      await expect(grants.find(SHA256)).resolves.toBeUndefined();
    });

    test('with its app all tokens end', async () => {
      const { control, app, ledger, grants } = await setUp();
      await ledger.save(SHA256, anAccessToken());
      await control.removeOAuthApp(app, 'w3');
      await expect(ledger.findApp(app.id)).resolves.toBeUndefined();
      await expect(grants.find(SHA256)).resolves.toBeUndefined();
    });

    test('an assertion is first once, also where the try that was saved came twice', async () => {
      const { app, ledger } = await setUp();
      const expiresAt = new Date('2026-11-24T10:16:00.000Z');
      const use = { appId: app.id, jti: 'j'.repeat(256), expiresAt, writeId: 'w1' };
      await expect(ledger.rememberAssertion(use)).resolves.toBe('first');
      await expect(ledger.rememberAssertion(use)).resolves.toBe('first');
      await expect(ledger.rememberAssertion({ ...use, writeId: 'w2' })).resolves.toBe('repeated');
      await expect(ledger.rememberAssertion({ ...use, jti: 'other', writeId: 'w2' })).resolves.toBe('first');
    });
  });
}
