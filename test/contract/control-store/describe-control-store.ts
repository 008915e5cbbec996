import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../../shared/aws/document-client.ts';
import { dynamoConfigReader } from '../../../shared/aws/dynamo-config-reader.ts';
import { dynamoControlStore } from '../../../shared/aws/dynamo-control-store.ts';
import { CONFIG_CHECK_MS } from '../../../shared/config/limits.ts';
import { ApiTokenId, DestinationId, MappingId, SourceId, WorkspaceId, WriteKey } from '../../../shared/domain/ids.ts';
import type { ControlStore, Saved } from '../../../shared/ports/control-store.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aStateTable } from '../../builders/state-table.ts';
import { aDestination, aMapping, anApiToken, aSource, aWorkspace, aWriteKey } from '../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const SRC = SourceId.parse('src_1');
const DST = DestinationId.parse('dst_1');

function savedValue<T>(saved: Saved<T>): T {
  if (saved.outcome !== 'saved') throw new Error('expected to be saved');
  return saved.value;
}

/** The promises of ControlStore and ConfigReader, on any DynamoDB. */
export function describeControlStore(name: string, makeBackend: () => Promise<DynamodbBackend>): void {
  describe(`the control store on ${name}`, () => {
    let backend: DynamodbBackend;
    let doc: DynamoDBDocumentClient;
    let tableName: string;
    let store: ControlStore;
    beforeAll(async () => {
      backend = await makeBackend();
      doc = documentClient(backend.client);
    }, 90_000);
    afterAll(async () => {
      await backend.close();
    });
    beforeEach(async () => {
      tableName = await aStateTable(backend.client);
      store = dynamoControlStore(doc, tableName);
      await store.saveWorkspace(aWorkspace(), 'w-workspace');
    });
    const configVersion = async () => (await store.readConfig(WS))?.configVersion;

    test('what is saved is found again by every way that leads to it', async () => {
      const source = savedValue(await store.saveSource(aSource(), 'w1'));
      const key = savedValue(await store.addWriteKey(aWriteKey(), 'w2'));
      const destination = savedValue(await store.saveDestination(aDestination(), 'w3'));
      const mapping = savedValue(await store.saveMapping(aMapping(), 'w4'));
      const token = savedValue(await store.saveApiToken(anApiToken(), 'w5'));

      expect(await store.listWorkspaces()).toEqual([aWorkspace({ version: 1 })]);
      expect(await store.getWorkspace(WS)).toEqual(aWorkspace({ version: 1 }));
      expect(await store.getSource(WS, SRC)).toEqual(source);
      expect(await store.listSources(WS)).toEqual([source]);
      expect(await store.findWriteKey(key.writeKey)).toEqual(key);
      expect(await store.listWriteKeys(WS, SRC)).toEqual([key]);
      expect(await store.getDestination(WS, DST)).toEqual(destination);
      expect(await store.listDestinations(WS)).toEqual([destination]);
      expect(await store.getMapping(WS, DST, mapping.id)).toEqual(mapping);
      expect(await store.listMappings(WS, DST)).toEqual([mapping]);
      expect(await store.getApiToken(WS, token.id)).toEqual(token);
      expect(await store.findApiToken(token.sha256)).toEqual(token);
      expect(await store.readConfig(WS)).toEqual({
        workspaceId: WS,
        configVersion: 6,
        sources: [source],
        destinations: [{ destination, mappings: [mapping] }],
      });
    });

    test('what is not there is undefined or an empty list', async () => {
      expect(await store.getWorkspace(WorkspaceId.parse('ws_2'))).toBeUndefined();
      expect(await store.readConfig(WorkspaceId.parse('ws_2'))).toBeUndefined();
      expect(await store.getSource(WS, SRC)).toBeUndefined();
      expect(await store.findWriteKey(WriteKey.parse('wk_fffffffffffffff0'))).toBeUndefined();
      expect(await store.getApiToken(WS, ApiTokenId.parse('tok_2'))).toBeUndefined();
      expect(await store.getMapping(WS, DST, MappingId.parse('map_2'))).toBeUndefined();
      expect(await store.listDestinations(WS)).toEqual([]);
    });

    test('a save over an older version is stale and changes nothing', async () => {
      const first = savedValue(await store.saveSource(aSource(), 'w1'));
      const second = savedValue(await store.saveSource({ ...first, name: 'Second' }, 'w2'));
      const version = await configVersion();
      expect(await store.saveSource({ ...first, name: 'Third' }, 'w3')).toEqual({ outcome: 'stale' });
      expect(await store.saveSource(aSource({ name: 'New again' }), 'w4')).toEqual({ outcome: 'stale' });
      expect(await store.getSource(WS, SRC)).toEqual(second);
      expect(await configVersion()).toBe(version);
    });

    test('a save that is repeated with the same writeId, as the SDK does after a timeout, was saved', async () => {
      const first = await store.saveSource(aSource(), 'w1');
      expect(await store.saveSource(aSource(), 'w1')).toEqual(first);
      const second = await store.saveSource(aSource({ version: 1, name: 'Second' }), 'w2');
      expect(await store.saveSource(aSource({ version: 1, name: 'Second' }), 'w2')).toEqual(second);
    });

    test('a write key belongs to one source only', async () => {
      await store.addWriteKey(aWriteKey(), 'w1');
      expect(await store.addWriteKey(aWriteKey({ sourceId: 'src_2' }), 'w2')).toEqual({ outcome: 'stale' });
      expect(await store.listWriteKeys(WS, SourceId.parse('src_2'))).toEqual([]);
    });

    test('a removed key or mapping is gone from every list, and removing it twice is fine', async () => {
      const key = savedValue(await store.addWriteKey(aWriteKey(), 'w1'));
      await store.saveDestination(aDestination(), 'w2');
      const mapping = savedValue(await store.saveMapping(aMapping(), 'w3'));
      const version = (await configVersion()) ?? 0;
      for (let twice = 0; twice < 2; twice += 1) {
        await store.removeWriteKey(key, 'w4');
        await store.removeMapping(mapping, 'w5');
      }
      expect(await store.findWriteKey(key.writeKey)).toBeUndefined();
      expect(await store.listWriteKeys(WS, SRC)).toEqual([]);
      expect(await store.listMappings(WS, DST)).toEqual([]);
      expect(await configVersion()).toBeGreaterThan(version);
    });

    test('a mapping that was changed in between is not removed', async () => {
      const read = savedValue(await store.saveMapping(aMapping(), 'w1'));
      await store.saveMapping({ ...read, name: 'Changed' }, 'w2');
      await expect(store.removeMapping(read, 'w3')).rejects.toMatchObject({ code: 'conflict' });
      expect(await store.listMappings(WS, DST)).toHaveLength(1);
    });

    test('nothing is saved into a workspace that does not exist', async () => {
      const lost = aSource({ workspaceId: 'ws_lost' });
      await expect(store.saveSource(lost, 'w1')).rejects.toMatchObject({ code: 'not-found', retry: false });
      expect(await store.listSources(lost.workspaceId)).toEqual([]);
    });

    test('of 50 edits of one destination at one moment one holds, each other one is stale (D7)', async () => {
      const read = savedValue(await store.saveDestination(aDestination(), 'w1'));
      const edits = await Promise.allSettled(
        Array.from({ length: 50 }, (_, n) => store.saveDestination({ ...read, name: `Edit ${n}` }, `edit-${n}`)),
      );
      const outcomes = edits.map((edit) => (edit.status === 'fulfilled' ? edit.value.outcome : edit.reason.code));
      expect(outcomes.filter((outcome) => outcome === 'saved')).toHaveLength(1);
      // Who meets conflicts four times gives up with an error that says so; nobody believes to have saved.
      expect(new Set(outcomes)).toEqual(
        new Set([...new Set(['saved', 'stale']), ...outcomes.filter((o) => o === 'upstream-unavailable')]),
      );
      expect((await store.getDestination(WS, DST))?.version).toBe(2);
    });

    test('a workspace of several pages is read whole, in one go', async () => {
      const trigger = `type = "track" and event = "${'x'.repeat(4_000)}"`;
      const big = { note: 'y'.repeat(60_000) };
      await store.saveDestination(aDestination(), 'w1');
      for (let number = 0; number < 40; number += 1) {
        await store.saveMapping(aMapping({ id: `map_${number}`, trigger, fields: big }), `w-${number}`);
      }
      const config = await store.readConfig(WS);
      expect(config?.destinations[0]?.mappings).toHaveLength(40);
    });

    test('a malformed item is an error that names it, and is never served', async () => {
      await doc.send(
        new PutCommand({ TableName: tableName, Item: { pk: 'WS#ws_1', sk: 'CFG#SRC#src_1', data: '{"id":"src_1"}' } }),
      );
      await expect(store.getSource(WS, SRC)).rejects.toMatchObject({
        code: 'malformed-item',
        retry: false,
        message: expect.stringContaining('WS#ws_1 CFG#SRC#src_1'),
      });
      await expect(store.readConfig(WS)).rejects.toMatchObject({ code: 'malformed-item' });
    });

    test('settings come back as they were given, whatever numbers and texts are in them', async () => {
      const settings = {
        text: '',
        big: 1e21,
        small: 0.1,
        list: [1, null, { deep: [] }],
        nul: null,
        unicode: 'Ø\u0000😀',
      };
      await store.saveDestination(aDestination({ settings }), 'w1');
      expect((await store.getDestination(WS, DST))?.settings).toEqual(settings);
    });

    test('the configuration is read from memory until its version has grown', async () => {
      let nowMs = 0;
      const reader = dynamoConfigReader(doc, tableName, { nowMs: () => nowMs });
      const first = await reader.workspaceConfig(WS);
      nowMs += CONFIG_CHECK_MS;
      expect(await reader.workspaceConfig(WS)).toBe(first);

      await store.saveSource(aSource(), 'w1');
      expect(await reader.workspaceConfig(WS)).toBe(first);
      nowMs += CONFIG_CHECK_MS;
      expect((await reader.workspaceConfig(WS))?.sources).toEqual([aSource({ version: 1 })]);
      expect(await reader.workspaceConfig(WorkspaceId.parse('ws_2'))).toBeUndefined();
    });
  });
}
