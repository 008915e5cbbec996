import { DeleteCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { DEVICE_LIMITS } from '../../../shared/aws/device-claims.ts';
import { dynamoClaimStore } from '../../../shared/aws/dynamo-claim-store.ts';
import { deviceKey } from '../../../shared/aws/dynamo-device-ledger.ts';
import { ENTRY_BYTES, HASH_BYTES } from '../../../shared/domain/device-ledger.ts';
import { aClaim, CLAIMED_AT, hoursLater } from '../../builders/claims.ts';
import { countedCommands } from '../../builders/counted-commands.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { anIntakeMessage } from '../../builders/intake-message.ts';
import { aStateTable } from '../../builders/state-table.ts';

const DEVICE = 'a one';
const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, number) => `${prefix}-${number}`);
/** Requests of 20 events after which a head is full. */
const REQUESTS_A_CHUNK = Math.ceil(DEVICE_LIMITS.headFullBytes / (ENTRY_BYTES + 20 * HASH_BYTES));

/** Claims in the ledgers of devices: what lies in the table, and what it costs. */
export function describeDeviceClaims(backend: () => DynamodbBackend): void {
  const setUp = async () => {
    const doc = DynamoDBDocumentClient.from(backend().client);
    const tableName = await aStateTable(backend().client);
    const itemsOf = async (device: string) => {
      const { Items = [] } = await doc.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': deviceKey(anIntakeMessage().sourceId, device) },
          ConsistentRead: true,
        }),
      );
      return Items;
    };
    const claim = (owner: number, messageIds: readonly string[], hours = 0) =>
      dynamoClaimStore(doc, tableName).claim(
        aClaim(owner, messageIds, { device: DEVICE, receivedAt: hoursLater(hours) }),
      );
    return { doc, tableName, itemsOf, claim };
  };

  test('a request of one device is one read and one write; again it is one read', async () => {
    const { doc, tableName } = await setUp();
    const calls = countedCommands(doc);
    const request = aClaim(1, named('a', 20), { device: DEVICE });
    await dynamoClaimStore(doc, tableName).claim(request);
    expect(calls.splice(0)).toEqual(['BatchGetItemCommand', 'PutItemCommand']);
    await dynamoClaimStore(doc, tableName).claim(request);
    expect(calls).toEqual(['BatchGetItemCommand']);
  });

  test('ten requests of ten devices read together, and those of one device write together', async () => {
    const { doc, tableName } = await setUp();
    const calls = countedCommands(doc);
    const shared = dynamoClaimStore(doc, tableName);
    const owners = Array.from({ length: 10 }, (_, owner) => owner);
    await Promise.all(owners.map((owner) => shared.claim(aClaim(owner, ['a'], { device: `a ${owner}` }))));
    expect(calls.splice(0)).toEqual(['BatchGetItemCommand', ...owners.map(() => 'PutItemCommand')]);
    const found = await Promise.all(owners.map((owner) => shared.claim(aClaim(owner, ['b'], { device: DEVICE }))));
    expect(calls).toEqual(['BatchGetItemCommand', 'PutItemCommand']);
    expect(found).toEqual(owners.map((owner) => new Set(owner === 0 ? [] : ['b'])));
  });

  test('another device has messageIds of its own, and a userId is not an anonymousId', async () => {
    const { doc, tableName } = await setUp();
    const store = dynamoClaimStore(doc, tableName);
    for (const [owner, device] of ['a one', 'a two', 'u one'].entries()) {
      await expect(store.claim(aClaim(owner, ['a'], { device }))).resolves.toEqual(new Set());
    }
  });

  test('a batch that comes again in other pieces, with new events among them, is found event by event (G16)', async () => {
    const { claim } = await setUp();
    await claim(1, ['a', 'b', 'c', 'd']);
    await expect(claim(2, ['x', 'b', 'c'])).resolves.toEqual(new Set(['b', 'c']));
    await expect(claim(3, ['d', 'a', 'x', 'y'])).resolves.toEqual(new Set(['d', 'a', 'x']));
  });

  test('the head holds what fits into one write unit; then its content is a chunk, and both are searched', async () => {
    const { claim, itemsOf } = await setUp();
    const requests = REQUESTS_A_CHUNK * 2 + 1;
    for (let number = 0; number < requests; number += 1) await claim(number, named(`m${number}`, 20), number / 100);
    const items = await itemsOf(DEVICE);
    const bytes = (entries: number) => entries * (ENTRY_BYTES + 20 * HASH_BYTES);
    expect(items.map(({ log, chunks }) => [(log as Uint8Array).length, chunks])).toEqual([
      [bytes(REQUESTS_A_CHUNK), undefined],
      [bytes(REQUESTS_A_CHUNK), undefined],
      [bytes(1), 2],
    ]);
    for (let number = 0; number < requests; number += 1) {
      const [first = '', second = ''] = named(`m${number}`, 20);
      await expect(claim(100 + number, [first, `new-${number}`], 1)).resolves.toEqual(new Set([first]));
      await expect(claim(number, [second], number / 100)).resolves.toEqual(new Set());
    }
  });

  test('a page of chunks that is not enough is followed by others', async () => {
    const { claim, itemsOf } = await setUp();
    for (let number = 0; number < 13; number += 1) await claim(number, named(`m${number}`, 100));
    expect(await itemsOf(DEVICE)).toHaveLength(13);
    await expect(claim(1_000, ['m0-0', 'm5-5', 'new'])).resolves.toEqual(new Set(['m0-0', 'm5-5']));
  }, 30_000);

  test('chunks that are expired for all that is wanted are not read', async () => {
    const { claim, doc, tableName } = await setUp();
    for (let number = 0; number <= REQUESTS_A_CHUNK; number += 1) await claim(number, named(`m${number}`, 20));
    const calls = countedCommands(doc);
    const shared = dynamoClaimStore(doc, tableName);
    const late = aClaim(50, ['m0-0'], { device: DEVICE, receivedAt: hoursLater(24.001) });
    await expect(shared.claim(late)).resolves.toEqual(new Set());
    expect(calls.splice(0)).toEqual(['BatchGetItemCommand', 'PutItemCommand']);
    // One that waited needs them, and reads them.
    const early = aClaim(51, ['m0-1'], { device: DEVICE, receivedAt: hoursLater(-200) });
    await expect(shared.claim(early)).resolves.toEqual(new Set(['m0-1']));
    expect(calls).toEqual(['BatchGetItemCommand', 'QueryCommand']);
  });

  test('items live as long as any of their claims may be needed, in whatever order they came', async () => {
    const { claim, itemsOf } = await setUp();
    await claim(1, named('a', 100));
    await claim(2, ['b'], -100);
    const [chunk, head] = await itemsOf(DEVICE);
    const expiresAtSeconds = Date.parse(hoursLater(24 + 15 * 24)) / 1_000;
    expect([chunk, head]).toEqual([
      expect.objectContaining({ expiresAtSeconds, upToMs: Date.parse(CLAIMED_AT) }),
      expect.objectContaining({ expiresAtSeconds, upToMs: Date.parse(CLAIMED_AT) }),
    ]);
  });

  test('a head that was deleted in the middle of a claim begins another epoch, which knows nothing of its chunks', async () => {
    const { claim, itemsOf, doc, tableName } = await setUp();
    await claim(1, named('a', 100));
    await claim(2, ['b']);
    await doc.send(
      new DeleteCommand({
        TableName: tableName,
        Key: { pk: deviceKey(anIntakeMessage().sourceId, DEVICE), sk: 'head' },
      }),
    );
    await claim(3, named('c', 100));
    await claim(4, ['d']);
    await expect(claim(5, ['c-0', 'a-0'])).resolves.toEqual(new Set(['c-0']));
    expect(await itemsOf(DEVICE)).toHaveLength(3);
  });

  describe('a device that sends more than a person does', () => {
    const crowd = async () => {
      const all = await setUp();
      await all.claim(1, named('old', DEVICE_LIMITS.claimsBeforeClosing));
      await expect(all.claim(2, ['x', 'old-7'])).resolves.toEqual(new Set(['old-7']));
      return all;
    };

    test('has its ledger closed: from then on it is claimed for each messageId, and the ledger is still known', async () => {
      const { claim, itemsOf, doc, tableName } = await crowd();
      const items = await itemsOf(DEVICE);
      expect(items).toEqual([expect.objectContaining({ sk: 'head', closed: true })]);
      await expect(claim(3, ['x', 'old-8', 'y'])).resolves.toEqual(new Set(['x', 'old-8']));
      await expect(claim(2, ['x'])).resolves.toEqual(new Set());
      await expect(claim(1, ['old-8'])).resolves.toEqual(new Set());
      expect(await itemsOf(DEVICE)).toEqual(items);
      const calls = countedCommands(doc);
      await dynamoClaimStore(doc, tableName).claim(aClaim(4, ['z'], { device: DEVICE }));
      expect(calls).toEqual(['BatchGetItemCommand', 'BatchExecuteStatementCommand']);
    });

    test('keeps its ledger closed as long as it sends, though all that it holds has expired', async () => {
      const { claim, itemsOf } = await crowd();
      const expiries: number[] = [];
      for (const [owner, hours] of [300, 301, 1_000].entries()) {
        await claim(10 + owner, [`at ${hours}`], hours);
        const [head] = await itemsOf(DEVICE);
        expiries.push(Number(head?.['expiresAtSeconds']));
        // As long as what was claimed by itself may be needed.
        const neededSeconds = Date.parse(hoursLater(hours + 24 + 15 * 24)) / 1_000;
        expect(head).toMatchObject({ closed: true });
        expect(expiries.at(-1)).toBeGreaterThanOrEqual(neededSeconds);
        await expect(claim(20 + owner, [`at ${hours}`], hours + 1)).resolves.toEqual(new Set([`at ${hours}`]));
      }
      // Not with each request: two days ahead.
      expect(expiries[1]).toBe(expiries[0]);
    });

    test('two requests of one tick want the same: the first has it', async () => {
      const { doc, tableName } = await crowd();
      const shared = dynamoClaimStore(doc, tableName);
      const found = await Promise.all(
        [5, 6].map((owner) => shared.claim(aClaim(owner, ['p', 'old-1'], { device: DEVICE }))),
      );
      expect(found).toEqual([new Set(['old-1']), new Set(['p', 'old-1'])]);
    });
  });

  test('more than one write may add are several writes, and all are claimed', async () => {
    const requests = 11;
    const { doc, tableName } = await setUp();
    const shared = dynamoClaimStore(doc, tableName);
    const found = await Promise.all(
      Array.from({ length: requests }, (_, owner) =>
        shared.claim(aClaim(owner, named(`m${owner}`, 1_000), { device: DEVICE })),
      ),
    );
    expect(found).toEqual(Array.from({ length: requests }, () => new Set()));
    const known = [...named('m0', 1_000), ...named('m10', 1_000)];
    await expect(shared.claim(aClaim(99, known, { device: DEVICE }))).resolves.toEqual(new Set(known));
  }, 30_000);
}
