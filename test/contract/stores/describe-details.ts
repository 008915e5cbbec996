import { randomBytes } from 'node:crypto';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { DETAIL_ITEM_BYTES_MAX, dynamoDetailStores } from '../../../shared/aws/dynamo-detail-store.ts';
import { dynamoDoneStore, dynamoLedgerReader, dynamoPlanStore } from '../../../shared/aws/dynamo-ledger.ts';
import { ledgerKeys } from '../../../shared/aws/ledger-keys.ts';
import { DestinationSum } from '../../../shared/domain/destination-sum.ts';
import type { SourceDetail } from '../../../shared/domain/detail.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../builders/ledger-rows.ts';
import { aStateTable } from '../../builders/state-table.ts';

const HOUR = '2026-11-24T10';
const { sourceId } = aPlanRow();
const { destinationId } = aDoneRow();

const detailOf = (names: readonly string[]): SourceDetail => ({
  requests: names.length,
  bytes: 7,
  lines: names.map((name) => ({
    kind: ['track', name, '1.2'],
    received: 1,
    invalid: {},
    duplicate: 0,
    suppressed: 0,
    blocked: { event_setting: 1 },
    routed: 0,
  })),
  connections: { dst_1: names.map((name) => ({ kind: ['track', name, '1.2'], filtered: {}, queued: 1 })) },
});

/** What every DynamoDB must make of details by kind of event, and of reads of some minutes. */
export function describeDetails(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(`details of hours on ${name}`, () => {
    let backend: DynamodbBackend;
    let doc: DynamoDBDocumentClient;
    let tableName: string;
    beforeAll(async () => {
      backend = await start();
      doc = DynamoDBDocumentClient.from(backend.client);
    }, 90_000);
    afterAll(() => backend.close());
    beforeEach(async () => {
      tableName = await aStateTable(backend.client);
    });
    const stores = () => dynamoDetailStores(doc, tableName);
    const itemsOf = async (pk: string) => {
      const { Items = [] } = await doc.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
        }),
      );
      return Items;
    };

    test('come back as they were put, over the head that was read and over no other (R13)', async () => {
      const book = stores().source(sourceId);
      const [one, two] = [detailOf(['A']), detailOf(['A', 'B'])];
      await expect(book.head(HOUR)).resolves.toBeUndefined();
      await expect(book.put(HOUR, one, { head: undefined, writeId: 'a' })).resolves.toBe(true);
      await expect(book.put(HOUR, two, { head: undefined, writeId: 'b' })).resolves.toBe(false);
      const head = await book.head(HOUR);
      expect(head).toMatchObject({ version: 1, writeId: 'a', more: 0 });
      await expect(book.put(HOUR, two, { head, writeId: 'c' })).resolves.toBe(true);
      // The SDK repeats a put whose answer was lost; a run that comes later finds the same and writes nothing.
      await expect(book.put(HOUR, two, { head, writeId: 'c' })).resolves.toBe(true);
      await expect(book.put(HOUR, two, { head: await book.head(HOUR), writeId: 'd' })).resolves.toBe(true);
      await expect(book.put(HOUR, detailOf(['C']), { head, writeId: 'e' })).resolves.toBe(false);
      await expect(book.head(HOUR)).resolves.toMatchObject({ version: 2, writeId: 'c' });
      await expect(book.hours('2026-11-24T00', HOUR)).resolves.toEqual(new Map([[HOUR, two]]));
      await expect(book.hours('2026-11-24T11', '2026-11-25T00')).resolves.toEqual(new Map());
      const [item] = await itemsOf(ledgerKeys.details({ sourceId }));
      expect(item?.['expiresAtSeconds']).toBe(Date.parse('2027-02-22T10:00:00.000Z') / 1_000);

      const sum = new DestinationSum();
      sum.addRow(aDoneRow({ kinds: [['track', 'A', '']], mappings: ['map_1'], bytesOut: 3 }));
      const ends = stores().destination(destinationId);
      await ends.put(HOUR, sum.detail(), { head: undefined, writeId: 'a' });
      await expect(ends.hours(HOUR, HOUR)).resolves.toEqual(new Map([[HOUR, sum.detail()]]));
    });

    test('too large for one item lie in several, and those of an older put go', async () => {
      const book = stores().source(sourceId);
      const names = (count: number) => Array.from({ length: count }, () => randomBytes(100).toString('hex'));
      const first = detailOf(names(3_500));
      await book.put(HOUR, first, { head: undefined, writeId: 'a' });
      await book.put('2026-11-24T11', detailOf(['A']), { head: undefined, writeId: 'a' });
      expect((await itemsOf(ledgerKeys.details({ sourceId }))).length).toBeGreaterThan(2);
      const found = await book.hours('2026-11-24T00', '2026-11-24T23');
      expect([...found.keys()]).toEqual([HOUR, '2026-11-24T11']);
      expect(found.get(HOUR)).toEqual(first);

      const second = detailOf(names(3_600));
      await expect(book.put(HOUR, second, { head: await book.head(HOUR), writeId: 'b' })).resolves.toBe(true);
      expect((await book.hours(HOUR, HOUR)).get(HOUR)).toEqual(second);
      const items = await itemsOf(ledgerKeys.details({ sourceId }));
      expect(items.filter(({ sk }) => String(sk).includes('#a#'))).toEqual([]);
      for (const { data } of items) expect((data as Uint8Array).length).toBeLessThanOrEqual(DETAIL_ITEM_BYTES_MAX);
    }, 30_000);

    test('rows are read from some minutes of an hour alone', async () => {
      const plans = dynamoPlanStore(doc, tableName);
      const dones = dynamoDoneStore(doc, tableName);
      for (const [number, second] of ['10:14:59.999', '10:15:00.000', '10:16:59.999', '10:17:00.000'].entries()) {
        const at = `2026-11-24T${second}Z`;
        await plans.putPlan(aPlanRow({ intakeId: intakeIdOf(number), receivedAt: at, plannedAt: at }));
        await dones.putDone(aDoneRow({ intakeId: intakeIdOf(number), dueAt: at, settledAt: at }));
      }
      const ledger = dynamoLedgerReader(doc, tableName);
      const minutes = { from: '2026-11-24T10:15', to: '2026-11-24T10:16' };
      const wanted = [1, 2].map(intakeIdOf);
      expect((await ledger.plansOfHour(sourceId, HOUR, minutes)).map((row) => row.intakeId).toSorted()).toEqual(wanted);
      expect((await ledger.donesOfHour(destinationId, HOUR, minutes)).map((row) => row.intakeId).toSorted()).toEqual(
        wanted,
      );
      expect(await ledger.plansOfHour(sourceId, HOUR)).toHaveLength(4);
    });
  });
}
