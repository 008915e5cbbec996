import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoClaimStore } from '../../../shared/aws/dynamo-claim-store.ts';
import type { ClaimStore } from '../../../shared/ports/claim-store.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { anIntakeMessage } from '../../builders/intake-message.ts';
import { intakeIdOf } from '../../builders/ledger-rows.ts';
import { aStateTable } from '../../builders/state-table.ts';

const RECEIVED = '2026-11-24T10:15:00.000Z';
const later = (hours: number) => new Date(Date.parse(RECEIVED) + hours * 3_600_000).toISOString();
const { sourceId } = anIntakeMessage();

type Claim = Parameters<ClaimStore['claim']>[0];
const claim = (owner: number, messageIds: readonly string[], over: Partial<Claim> = {}): Claim => ({
  sourceId,
  intakeId: anIntakeMessage({ intakeId: intakeIdOf(owner) }).intakeId,
  receivedAt: RECEIVED,
  dedupHours: 24,
  messageIds,
  ...over,
});

/** Counts the calls of a client by command. */
function counted(client: DynamoDBClient) {
  const calls: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      calls.push(String(context['commandName']));
      return next(args);
    },
    { step: 'initialize', name: 'countCalls', override: true },
  );
  return calls;
}

/** What every DynamoDB must make of claims. */
export function describeClaims(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(`claims on ${name}`, () => {
    let backend: DynamodbBackend;
    let doc: DynamoDBDocumentClient;
    let tableName: string;
    let calls: string[];
    beforeAll(async () => {
      backend = await start();
      doc = DynamoDBDocumentClient.from(backend.client);
      calls = counted(backend.client);
    }, 90_000);
    afterAll(() => backend.close());
    beforeEach(async () => {
      tableName = await aStateTable(backend.client);
      calls.length = 0;
    });
    const store = () => dynamoClaimStore(doc, tableName);

    test('what nobody has is free, and what another request has is a duplicate (E18)', async () => {
      await expect(store().claim(claim(1, ['a', 'b']))).resolves.toEqual(new Set());
      await expect(store().claim(claim(2, ['a', 'c', 'b']))).resolves.toEqual(new Set(['a', 'b']));
      await expect(store().claim(claim(3, ['c']))).resolves.toEqual(new Set(['c']));
    });

    test('a request claims again what is its own: after a crash nothing of it is lost', async () => {
      await store().claim(claim(1, ['a', 'b']));
      await expect(store().claim(claim(1, ['a', 'b', 'c']))).resolves.toEqual(new Set());
    });

    test('another source has messageIds of its own', async () => {
      await store().claim(claim(1, ['a']));
      const other = anIntakeMessage({ sourceId: 'src_2' }).sourceId;
      await expect(store().claim(claim(2, ['a'], { sourceId: other }))).resolves.toEqual(new Set());
    });

    test.each([
      ['exactly at the end of the window it is a duplicate', 24, 24, ['a']],
      ['a moment after it, it is taken over', 24 + 1 / 3_600_000, 24, []],
      ['a longer window remembers longer', 160, 168, ['a']],
      ['a message that waited for days meets its twin of then', -100, 24, ['a']],
    ])('%s', async (_case, hours, dedupHours, duplicates) => {
      await store().claim(claim(1, ['a']));
      const second = claim(2, ['a'], { receivedAt: later(hours), dedupHours });
      await expect(store().claim(second)).resolves.toEqual(new Set(duplicates));
      const third = claim(3, ['a'], { receivedAt: later(hours), dedupHours });
      await expect(store().claim(third)).resolves.toEqual(new Set(['a']));
    });

    test('the item says whose it is and goes 15 days after its window', async () => {
      await store().claim(claim(1, ['a']));
      const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key: { pk: 'src_1#a', sk: 'seen' } }));
      expect(Item).toEqual({
        pk: 'src_1#a',
        sk: 'seen',
        owner: intakeIdOf(1),
        receivedAt: RECEIVED,
        expiresAtSeconds: Date.parse(later(24 + 15 * 24)) / 1_000,
      });
    });

    test('claims of one tick share calls: ten requests of five are two', async () => {
      const shared = store();
      const found = await Promise.all(
        Array.from({ length: 10 }, (_, owner) =>
          shared.claim(
            claim(
              owner,
              Array.from({ length: 5 }, (_, number) => `${owner}-${number}`),
            ),
          ),
        ),
      );
      expect(found).toEqual(Array.from({ length: 10 }, () => new Set()));
      expect(calls).toEqual(['BatchExecuteStatementCommand', 'BatchExecuteStatementCommand']);
    });

    test('two requests of one tick with the same messageId: the first has it', async () => {
      const shared = store();
      const found = await Promise.all([shared.claim(claim(1, ['a'])), shared.claim(claim(2, ['a', 'b']))]);
      expect(found).toEqual([new Set(), new Set(['a'])]);
    });

    test('of many invocations that want the same at once exactly one gets each, also where all find it expired', async () => {
      const race = async (from: number, receivedAt: string) => {
        const owners = Array.from({ length: 8 }, (_, number) => from + number);
        const found = await Promise.all(
          owners.map((owner) => store().claim(claim(owner, ['a', 'b', 'c'], { receivedAt }))),
        );
        return ['a', 'b', 'c'].map((messageId) => found.filter((duplicates) => !duplicates.has(messageId)).length);
      };
      await expect(race(10, RECEIVED)).resolves.toEqual([1, 1, 1]);
      await expect(race(20, later(25))).resolves.toEqual([1, 1, 1]);
    });

    test('an item that goes between the insert and the read is claimed anew', async () => {
      await store().claim(claim(1, ['a']));
      let isGone = false;
      const vanishing = DynamoDBDocumentClient.from(backend.client);
      vanishing.middlewareStack.add(
        (next, context) => async (args) => {
          if (context['commandName'] === BatchGetItemCommand.name && !isGone) {
            isGone = true;
            await doc.send(new DeleteCommand({ TableName: tableName, Key: { pk: 'src_1#a', sk: 'seen' } }));
          }
          return await next(args);
        },
        { step: 'initialize', name: 'vanish' },
      );
      await expect(dynamoClaimStore(vanishing, tableName).claim(claim(2, ['a']))).resolves.toEqual(new Set());
      expect(isGone).toBe(true);
    });

    test('a table that is not there fails every claim of the tick', async () => {
      const lost = dynamoClaimStore(doc, 'no-such-table');
      const found = await Promise.allSettled([lost.claim(claim(1, ['a'])), lost.claim(claim(2, ['b']))]);
      expect(found.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    });
  });
}
