import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documentsAuditLog } from '../../../shared/aws/audit-items.ts';
import { STALE_WHILE_ERROR_MS } from '../../../shared/aws/config-cache.ts';
import { sdkDocuments } from '../../../shared/aws/documents.ts';
import { documentClient } from '../../../shared/aws/document-client.ts';
import { dynamoConfigReader } from '../../../shared/aws/dynamo-config-reader.ts';
import { dynamoControlStore } from '../../../shared/aws/dynamo-control-store.ts';
import { dynamoSuppressionStore } from '../../../shared/aws/dynamo-suppression-store.ts';
import { CONFIG_CHECK_MS } from '../../../shared/config/limits.ts';
import { AuditId, RegulationId, WorkspaceId } from '../../../shared/domain/ids.ts';
import { regulationEntry } from '../../../shared/domain/suppression.ts';
import type { SuppressionStore } from '../../../shared/ports/suppression-store.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aRegulation } from '../../builders/regulation.ts';
import { aStateTable } from '../../builders/state-table.ts';
import { aSource, aWorkspace } from '../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const users = (count: number, prefix = 'user'): string[] => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

/** The promises of SuppressionStore, and of a ConfigReader about who is suppressed, on any DynamoDB. */
export function describeSuppression(name: string, makeBackend: () => Promise<DynamodbBackend>): void {
  describe(`the suppression list on ${name}`, () => {
    let backend: DynamodbBackend;
    let doc: DynamoDBDocumentClient;
    let tableName: string;
    let store: SuppressionStore;
    beforeAll(async () => {
      backend = await makeBackend();
      doc = documentClient(backend.client);
    }, 90_000);
    afterAll(async () => {
      await backend.close();
    });
    beforeEach(async () => {
      tableName = await aStateTable(backend.client);
      store = dynamoSuppressionStore(doc, tableName);
      await dynamoControlStore(doc, tableName).saveWorkspace(aWorkspace(), 'w-workspace');
    });

    const suppress = (userIds: string[], over: Record<string, unknown> = {}) =>
      store.regulate(aRegulation({ userIds, ...over }), `w-${userIds[0]}-${Math.random()}`);
    const unsuppress = (userIds: string[]) => suppress(userIds, { type: 'UNSUPPRESS', id: 'reg_2' });
    /** Who is suppressed by what the table holds, as somebody sees it who has not read it before. */
    const seenAnew = async () => [...(await dynamoSuppressionStore(doc, tableName).suppressed(WS))].toSorted();
    const itemsUnder = async (prefix: string) => {
      const { Items = [] } = await doc.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': 'SUP#ws_1', ':prefix': prefix },
        }),
      );
      return Items;
    };
    const aReader = (nowMs: () => number, client: DynamoDBDocumentClient = doc) => {
      const reader = dynamoConfigReader(client, tableName, { nowMs });
      return async (asOfMs?: number) => [...((await reader.workspaceConfig(WS, asOfMs))?.suppressed ?? [])].toSorted();
    };

    test('regulations in their order say who is suppressed (J16)', async () => {
      await expect(suppress(['u1', 'u2'])).resolves.toEqual({ changed: 2, suppressed: 2 });
      await expect(suppress(['u2', 'u3', 'u3'])).resolves.toEqual({ changed: 1, suppressed: 3 });
      await expect(unsuppress(['u1', 'nobody'])).resolves.toEqual({ changed: 1, suppressed: 2 });
      expect(await seenAnew()).toEqual(['u2', 'u3']);
      await suppress(['u1']);
      expect(await seenAnew()).toEqual(['u1', 'u2', 'u3']);
      expect([...(await store.suppressed(WS))].toSorted()).toEqual(['u1', 'u2', 'u3']);
    });

    test('userIds come back as they were given, whatever they are made of', async () => {
      const odd = ['Ada Lovelace', ' ada ', '__proto__', 'ada\u0000', '\ud800', '\u{1f600}', '#', 'ü', 'u\u0308'];
      await suppress(odd);
      expect(await seenAnew()).toEqual(odd.toSorted());
    });

    test('the history has every regulation, newest first, page by page', async () => {
      await suppress(['u1', 'u2']);
      await unsuppress(['u1']);
      await suppress(['u3'], { id: 'reg_3', by: 'cli: bo' });
      const [first, second, third] = [
        aRegulation({ userIds: ['u1', 'u2'] }),
        aRegulation({ id: 'reg_2', type: 'UNSUPPRESS', userIds: ['u1'] }),
        aRegulation({ id: 'reg_3', userIds: ['u3'], by: 'cli: bo' }),
      ];
      await expect(store.listRegulations(WS, { limit: 10 })).resolves.toEqual({ regulations: [third, second, first] });
      const page = await store.listRegulations(WS, { limit: 2 });
      expect(page).toEqual({ regulations: [third, second], next: 2 });
      await expect(store.listRegulations(WS, { limit: 2, before: page.next })).resolves.toEqual({
        regulations: [first],
      });
      await expect(store.listRegulations(WS, { limit: 2, before: 1 })).resolves.toEqual({ regulations: [] });
    });

    test('5,000 long userIds are one regulation in several items, and come back whole', async () => {
      const many = users(5_000, 'x'.repeat(200));
      await expect(suppress(many)).resolves.toEqual({ changed: 5_000, suppressed: 5_000 });
      expect((await itemsUnder('LOG#')).length).toBeGreaterThan(3);
      expect(await seenAnew()).toEqual(many.toSorted());
      const { regulations } = await store.listRegulations(WS, { limit: 1 });
      expect(regulations).toEqual([aRegulation({ userIds: many })]);
    }, 20_000);

    test('what is too much for one regulation, or for the list, is refused and changes nothing', async () => {
      await expect(store.regulate({ ...aRegulation(), userIds: users(5_001) }, 'w0')).rejects.toThrow(
        'expected array to have <=5000',
      );
      const longest = Array.from({ length: 100 }, (_, n) => `${n}-`.padEnd(32_000, 'x'));
      await expect(suppress(longest)).rejects.toMatchObject({ code: 'bad-request', message: /name fewer at a time/ });
      const small = dynamoSuppressionStore(doc, tableName, { usersMax: 3 });
      await small.regulate(aRegulation({ userIds: ['u1', 'u2'] }), 'w1');
      await expect(small.regulate(aRegulation({ userIds: ['u2', 'u3', 'u4'] }), 'w2')).rejects.toMatchObject({
        code: 'bad-request',
        message: '4 users would be suppressed, and a workspace holds 3: nothing was changed',
      });
      await small.regulate(aRegulation({ userIds: ['u2', 'u3'] }), 'w3');
      expect(await seenAnew()).toEqual(['u1', 'u2', 'u3']);
      await expect(store.regulate(aRegulation({ workspaceId: 'ws_2' }), 'w4')).rejects.toMatchObject({
        code: 'not-found',
      });
    });

    test('a regulation is found by its id, and one of before there was an index of ids by looking back', async () => {
      const ids = ['reg_a', 'reg_b', 'reg_c'].map((id) => RegulationId.parse(id));
      for (const id of ids) await suppress([`of-${id}`, 'all'], { id });
      const found = await Promise.all(ids.map((id) => store.getRegulation(WS, id)));
      expect(found.map((one) => one?.userIds[0])).toEqual(['of-reg_a', 'of-reg_b', 'of-reg_c']);
      const [first] = ids;
      await doc.send(new DeleteCommand({ TableName: tableName, Key: { pk: 'SUP#ws_1', sk: `ID#${first}` } }));
      await expect(store.getRegulation(WS, RegulationId.parse('reg_a'))).resolves.toMatchObject({ id: 'reg_a' });
      await expect(store.getRegulation(WS, RegulationId.parse('reg_d'))).resolves.toBeUndefined();
      await expect(
        store.getRegulation(WorkspaceId.parse('ws_2'), RegulationId.parse('reg_b')),
      ).resolves.toBeUndefined();
    });

    test('the audit entry of a regulation is saved with it, once, and of one that is refused there is none', async () => {
      const log = documentsAuditLog(sdkDocuments(doc), tableName);
      const trail = async () =>
        (await log.list(WS, { from: '2', to: '3', limit: 50, newestFirst: false })).entries.filter(
          ({ resource }) => resource.type === 'REGULATION',
        );
      const entryOf = (id: string) => ({
        id: AuditId.parse(id),
        actor: { type: 'operator' as const, id: 'command-line' },
        ...regulationEntry(aRegulation()),
      });
      await store.regulate(aRegulation(), 'w1', entryOf('aud_1'));
      const small = dynamoSuppressionStore(doc, tableName, { usersMax: 1 });
      await expect(small.regulate(aRegulation({ userIds: ['u2'] }), 'w2', entryOf('aud_2'))).rejects.toThrow();
      expect(await trail()).toEqual([
        { ...entryOf('aud_1'), after: { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjects: 1 } },
      ]);
    });

    test('regulations at one moment all hold, in one order for everybody', async () => {
      const writers = Array.from({ length: 6 }, () => dynamoSuppressionStore(doc, tableName));
      await Promise.all(
        writers.map((writer, n) =>
          writer.regulate(
            aRegulation({ userIds: [`own-${n}`, 'contested'], type: n % 2 === 0 ? 'SUPPRESS_ONLY' : 'UNSUPPRESS' }),
            `w${n}`,
          ),
        ),
      );
      const { regulations } = await store.listRegulations(WS, { limit: 10 });
      expect(regulations).toHaveLength(6);
      const last = regulations[0]?.type;
      const expected = ['own-0', 'own-2', 'own-4', ...(last === 'SUPPRESS_ONLY' ? ['contested'] : [])];
      expect(await seenAnew()).toEqual(expected.toSorted());
    });

    test('a regulation whose answer was lost on its way is saved once', async () => {
      let isLost = false;
      const losing = anAnswerLess(backend.client, () => {
        if (isLost) return false;
        isLost = true;
        return true;
      });
      const other = dynamoSuppressionStore(losing, tableName);
      await expect(other.regulate(aRegulation({ userIds: ['u1'] }), 'w1')).resolves.toEqual({
        changed: 1,
        suppressed: 1,
      });
      expect(isLost).toBe(true);
      const { regulations } = await store.listRegulations(WS, { limit: 10 });
      expect(regulations).toHaveLength(1);
    });

    test('a reader learns of a change within CONFIG_CHECK_MS, and reads only what is newer', async () => {
      let nowMs = 1_000_000;
      const calls: string[] = [];
      const read = aReader(() => nowMs, counted(doc, calls));
      await suppress(users(50));
      expect(await read()).toHaveLength(50);
      await suppress(['u1']);
      expect(await read()).not.toContain('u1');
      calls.length = 0;
      nowMs += CONFIG_CHECK_MS;
      expect(await read()).toContain('u1');
      expect(calls).toEqual(['GetCommand', 'QueryCommand LOG#000000000002#']);
      await unsuppress(users(50));
      calls.length = 0;
      nowMs += CONFIG_CHECK_MS;
      expect(await read()).toEqual(['u1']);
      expect(calls).toEqual(['GetCommand', 'QueryCommand LOG#000000000003#']);
    });

    test('10,000 looks at the list while nothing changes make one read each CONFIG_CHECK_MS, and none an event', async () => {
      let nowMs = 1_000_000;
      const calls: string[] = [];
      const reader = dynamoConfigReader(counted(doc, calls), tableName, { nowMs: () => nowMs });
      await suppress(users(1_000));
      const first = await reader.workspaceConfig(WS);
      calls.length = 0;
      for (let event = 0; event < 10_000; event += 1) {
        nowMs += 1;
        expect(await reader.workspaceConfig(WS)).toBe(first);
      }
      expect(calls).toEqual(['GetCommand', 'GetCommand']);
    }, 20_000);

    test('who lets nothing out may do without the list, and does not read it', async () => {
      let nowMs = 1_000_000;
      const calls: string[] = [];
      await suppress(['u1']);
      const reader = dynamoConfigReader(counted(doc, calls), tableName, {
        nowMs: () => nowMs,
        withoutSuppression: true,
      });
      const before = await reader.workspaceConfig(WS);
      expect(before).toEqual({ workspaceId: WS, configVersion: 1, sources: [], destinations: [] });
      await suppress(['u2']);
      nowMs += CONFIG_CHECK_MS;
      expect(await reader.workspaceConfig(WS)).toEqual(before);
      expect(calls).toEqual(['QueryCommand CFG#', 'GetCommand']);
    });

    test('other settings may change at the same time; the list stays, and is not read again', async () => {
      let nowMs = 1_000_000;
      const calls: string[] = [];
      const read = aReader(() => nowMs, counted(doc, calls));
      await suppress(['u1']);
      expect(await read()).toEqual(['u1']);
      await dynamoControlStore(doc, tableName).saveSource(aSource(), 'w-source');
      nowMs += CONFIG_CHECK_MS;
      calls.length = 0;
      expect(await read()).toEqual(['u1']);
      expect(calls).toEqual(['GetCommand', 'QueryCommand CFG#']);
      expect(await seenAnew()).toEqual(['u1']);
    });

    test('a list that does not answer, or not whole, is served from memory for a while, then nothing is (T26)', async () => {
      let nowMs = 1_000_000;
      await suppress(['u1']);
      const read = aReader(() => nowMs);
      expect(await read()).toEqual(['u1']);
      await suppress(['u2']);
      const [, second] = await itemsUnder('LOG#');
      await doc.send(new DeleteCommand({ TableName: tableName, Key: { pk: second?.['pk'], sk: second?.['sk'] } }));
      nowMs += CONFIG_CHECK_MS;
      expect(await read()).toEqual(['u1']);
      await expect(read(nowMs + 1)).rejects.toMatchObject({ code: 'upstream-unavailable', retry: true });
      nowMs += STALE_WHILE_ERROR_MS;
      await expect(read()).rejects.toMatchObject({ code: 'upstream-unavailable' });
      await expect(aReader(() => nowMs)()).rejects.toMatchObject({
        message: 'The suppression list cannot be read whole: piece 2.0 is missing',
      });
    });

    test('a long log gets a snapshot to start from; what lies before it is not read any more', async () => {
      store = dynamoSuppressionStore(doc, tableName, { snapshotAfterBytes: 10_000 });
      for (let call = 0; call < 12; call += 1) await suppress(users(100, `c${call}`));
      await unsuppress(users(100, 'c3'));
      const snapshots = await itemsUnder('SNAP#');
      expect(snapshots).toHaveLength(1);
      await suppress(['last']);
      const calls: string[] = [];
      const seen = await aReader(() => 1, counted(doc, calls))();
      expect(calls).toEqual(['QueryCommand CFG#', 'QueryCommand SNAP#', 'QueryCommand LOG#000000000014#']);
      const left = users(12).flatMap((_, call) => (call === 3 ? [] : users(100, `c${call}`)));
      expect(seen).toEqual([...left, 'last'].toSorted());
      const { regulations } = await store.listRegulations(WS, { limit: 20 });
      expect(regulations).toHaveLength(14);
    });

    test('snapshots of many writers at one moment leave one, which is right; a lost one costs only a longer read', async () => {
      const writers = Array.from({ length: 4 }, () =>
        dynamoSuppressionStore(doc, tableName, { snapshotAfterBytes: 1 }),
      );
      await Promise.all(
        writers.map(async (writer, n) => {
          for (let call = 0; call < 5; call += 1) {
            await writer.regulate(aRegulation({ userIds: users(20, `w${n}-c${call}`) }), `w${n}-${call}`);
          }
        }),
      );
      const expected = users(4).flatMap((_, n) => users(5).flatMap((__, call) => users(20, `w${n}-c${call}`)));
      expect(await seenAnew()).toEqual(expected.toSorted());
      await suppress(['last']);
      const snapshots = await itemsUnder('SNAP#');
      expect(snapshots.length).toBeGreaterThan(0);
      for (const { pk, sk } of snapshots) await doc.send(new DeleteCommand({ TableName: tableName, Key: { pk, sk } }));
      expect(await seenAnew()).toEqual([...expected, 'last'].toSorted());
    }, 20_000);
  });
}

/** Notes each command, a query with the beginning of its range. */
function counted(doc: DynamoDBDocumentClient, calls: string[]): DynamoDBDocumentClient {
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const values = command.input['ExpressionAttributeValues'] as Record<string, string> | undefined;
    const range = (values?.[':prefix'] ?? values?.[':first'])?.replace(/^(SNAP#).*/, '$1');
    calls.push(`${command.constructor.name}${range === undefined ? '' : ` ${range}`}`);
    return await doc.send(command as never);
  };
  return { send } as unknown as DynamoDBDocumentClient;
}

/** A client that saves a transaction and then, where `loses` says so, repeats it as the SDK does after a timeout, without its token. */
function anAnswerLess(client: DynamoDBClient, loses: () => boolean): DynamoDBDocumentClient {
  const doc = documentClient(client);
  const send = async (command: { constructor: { name: string } }) => {
    if (command.constructor.name === 'TransactWriteCommand' && loses()) await doc.send(command as never);
    return await doc.send(command as never);
  };
  return { send } as unknown as DynamoDBDocumentClient;
}
