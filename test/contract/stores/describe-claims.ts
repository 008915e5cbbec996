import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoClaimStore } from '../../../shared/aws/dynamo-claim-store.ts';
import type { ClaimRequest } from '../../../shared/ports/claim-store.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aClaim, CLAIMED_AT, hoursLater } from '../../builders/claims.ts';
import { anIntakeMessage } from '../../builders/intake-message.ts';
import { aStateTable } from '../../builders/state-table.ts';
import { describeDeviceClaims } from './describe-device-claims.ts';
import { describeEventClaims } from './describe-event-claims.ts';

/** What every DynamoDB must make of claims, whatever they are made by. */
export function describeClaims(name: string, start: () => Promise<DynamodbBackend>): void {
  let backend: DynamodbBackend;
  beforeAll(async () => {
    backend = await start();
  }, 90_000);
  afterAll(() => backend.close());

  describe.each([
    ['event', undefined],
    ['device', 'a one'],
  ])(`claims by %s on ${name}`, (_kind, device) => {
    let doc: DynamoDBDocumentClient;
    let tableName: string;
    beforeEach(async () => {
      doc = DynamoDBDocumentClient.from(backend.client);
      tableName = await aStateTable(backend.client);
    });
    const store = () => dynamoClaimStore(doc, tableName);
    const claim = (owner: number, messageIds: readonly string[], over: Partial<ClaimRequest> = {}) =>
      aClaim(owner, messageIds, { device, ...over });

    test('what nobody has is free, and what another request has is a duplicate (E18)', async () => {
      await expect(store().claim(claim(1, ['a', 'b']))).resolves.toEqual(new Set());
      await expect(store().claim(claim(2, ['a', 'c', 'b']))).resolves.toEqual(new Set(['a', 'b']));
      await expect(store().claim(claim(3, ['c']))).resolves.toEqual(new Set(['c']));
    });

    test('a request claims again what is its own: after a crash nothing of it is lost', async () => {
      await store().claim(claim(1, ['a', 'b']));
      await expect(store().claim(claim(1, ['a', 'b', 'c']))).resolves.toEqual(new Set());
    });

    test('another source has messageIds of its own (T9)', async () => {
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
      const second = claim(2, ['a'], { receivedAt: hoursLater(hours), dedupHours });
      await expect(store().claim(second)).resolves.toEqual(new Set(duplicates));
      const third = claim(3, ['a'], { receivedAt: hoursLater(hours), dedupHours });
      await expect(store().claim(third)).resolves.toEqual(new Set(['a']));
    });

    test('two requests of one tick with the same messageId: the first has it', async () => {
      const shared = store();
      const found = await Promise.all([shared.claim(claim(1, ['a'])), shared.claim(claim(2, ['a', 'b']))]);
      expect(found).toEqual([new Set(), new Set(['a'])]);
      await expect(store().claim(claim(2, ['a', 'b']))).resolves.toEqual(new Set(['a']));
    });

    test('of many invocations that want the same at once exactly one gets each, also where all find it expired', async () => {
      const race = async (from: number, receivedAt: string) => {
        const owners = Array.from({ length: 8 }, (_, number) => from + number);
        const found = await Promise.all(
          owners.map((owner) => store().claim(claim(owner, ['a', 'b', 'c'], { receivedAt }))),
        );
        return ['a', 'b', 'c'].map((messageId) => found.filter((duplicates) => !duplicates.has(messageId)).length);
      };
      await expect(race(10, CLAIMED_AT)).resolves.toEqual([1, 1, 1]);
      await expect(race(20, hoursLater(25))).resolves.toEqual([1, 1, 1]);
    });

    test('a table that is not there fails every claim of the tick', async () => {
      const lost = dynamoClaimStore(doc, 'no-such-table');
      const found = await Promise.allSettled([lost.claim(claim(1, ['a'])), lost.claim(claim(2, ['b']))]);
      expect(found.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    });
  });

  describe(`claims by event on ${name}`, () => describeEventClaims(() => backend));
  describe(`claims by device on ${name}`, () => describeDeviceClaims(() => backend));
}
