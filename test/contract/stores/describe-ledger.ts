import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  dynamoDoneStore,
  dynamoLedgerReader,
  dynamoPlanStore,
  PLAN_ITEM_BYTES_MAX,
} from '../../../shared/aws/dynamo-ledger.ts';
import { dynamoRollupStore } from '../../../shared/aws/dynamo-rollup-store.ts';
import { planText } from '../../../shared/aws/row-text.ts';
import { ledgerKeys } from '../../../shared/aws/ledger-keys.ts';
import { noDestinationTotals, noSourceTotals, sumDones } from '../../../shared/domain/books.ts';
import type { RefusalNotice } from '../../../shared/domain/intake-message.ts';
import type { PlanRow } from '../../../shared/domain/ledger-rows.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../builders/ledger-rows.ts';
import { aStateTable } from '../../builders/state-table.ts';

/** A plan whose text has exactly `bytes` bytes: one destination of given weight after another, and the last made to fit. */
function aPlanOf(bytes: number, over: Record<string, unknown> = {}): PlanRow {
  const destination = (number: number, bitmapChars: number) => ({
    destinationId: `dst_${String(number).padStart(4, '0')}`,
    filtered: {},
    queued: 1,
    sends: 1,
    mappings: ['map_1'],
    bitmap: 'A'.repeat(bitmapChars),
    cuts: [1],
  });
  const sizeOf = (row: PlanRow) => Buffer.byteLength(planText(row));
  const destinations = [destination(0, 0)];
  for (;;) {
    const next = aPlanRow({ ...over, destinations: [...destinations, destination(destinations.length, 20_000)] });
    if (sizeOf(next) > bytes - 1_000) break;
    destinations.push(destination(destinations.length, 20_000));
  }
  const rest =
    bytes - sizeOf(aPlanRow({ ...over, destinations: [...destinations, destination(destinations.length, 0)] }));
  return aPlanRow({ ...over, destinations: [...destinations, destination(destinations.length, rest)] });
}

/** What every DynamoDB must make of the ledger. */
export function describeLedger(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(`the ledger on ${name}`, () => {
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
    const plans = () => dynamoPlanStore(doc, tableName);
    const dones = () => dynamoDoneStore(doc, tableName);
    const books = () => dynamoLedgerReader(doc, tableName);

    test('a plan is put once: the same write again is saved, another meets the first', async () => {
      const row = aPlanRow();
      await expect(plans().getPlan(row)).resolves.toBeUndefined();
      await expect(plans().putPlan(row)).resolves.toEqual({ outcome: 'saved' });
      await expect(plans().putPlan(row)).resolves.toEqual({ outcome: 'saved' });
      await expect(plans().putPlan(aPlanRow({ writeId: 'other', received: 9 }))).resolves.toEqual({
        outcome: 'exists',
        row,
      });
      await expect(plans().getPlan(row)).resolves.toEqual(row);
    });

    test('a plan lives 15 days from when it was planned, however long its message had waited', async () => {
      const row = aPlanRow({ receivedAt: '2026-11-12T10:15:00.000Z' });
      await plans().putPlan(row);
      const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key: ledgerKeys.plan(row) }));
      expect(Item?.['expiresAtSeconds']).toBe(Math.ceil(Date.parse('2026-12-09T10:15:00.100Z') / 1_000));
    });

    test('rows live as long as the deployment says', async () => {
      await dynamoPlanStore(doc, tableName, 30).putPlan(aPlanRow());
      await dynamoDoneStore(doc, tableName, { rowDays: 30 }).putDone(aDoneRow());
      const expiries = [ledgerKeys.plan(aPlanRow()), ledgerKeys.done(aDoneRow())].map(async (Key) => {
        const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key }));
        return Item?.['expiresAtSeconds'] as unknown;
      });
      await expect(Promise.all(expiries)).resolves.toEqual([
        Math.ceil(Date.parse('2026-12-24T10:15:00.100Z') / 1_000),
        Math.ceil(Date.parse('2026-12-24T10:15:01.000Z') / 1_000),
      ]);
    });

    const rollups = () => dynamoRollupStore(doc, { ledger: tableName, usage: tableName });

    test('rows of an hour that may have been rolled up mark it before they are put; rows in time do not', async () => {
      const inTime = { receivedAt: '2026-11-24T08:15:00.000Z', plannedAt: '2026-11-24T09:59:59.999Z' };
      await plans().putPlan(aPlanRow({ ...inTime, intakeId: intakeIdOf(2) }));
      await expect(rollups().lateHours(10)).resolves.toEqual([]);

      await plans().putPlan(
        aPlanRow({ receivedAt: '2026-11-24T08:15:00.000Z', plannedAt: '2026-11-24T10:00:00.000Z' }),
      );
      await dones().putDone(aDoneRow({ dueAt: '2026-11-24T07:00:00.000Z' }));
      const late = await rollups().lateHours(10);
      expect(late).toEqual([
        {
          subject: { destinationId: 'dst_1' },
          hour: '2026-11-24T07',
          nonce: 'w2',
          markedAt: '2026-11-24T10:15:01.000Z',
        },
        { subject: { sourceId: 'src_1' }, hour: '2026-11-24T08', nonce: 'w1', markedAt: '2026-11-24T10:00:00.000Z' },
      ]);
    });

    test('a mark serves the rows of a minute, and is cleared only as it was read', async () => {
      const store = plans();
      const put = (number: number, plannedAt: string) =>
        store.putPlan(
          aPlanRow({
            intakeId: intakeIdOf(number),
            writeId: `w${number}`,
            receivedAt: '2026-11-24T08:15:00.000Z',
            plannedAt,
          }),
        );
      await put(1, '2026-11-24T10:15:00.000Z');
      await put(2, '2026-11-24T10:15:59.999Z');
      const [first] = await rollups().lateHours(10);
      expect(first).toMatchObject({ nonce: 'w1' });
      await put(3, '2026-11-24T10:16:00.000Z');
      if (first === undefined) throw new Error('a mark');
      await rollups().clearLateHour(first);
      const [second] = await rollups().lateHours(10);
      expect(second).toMatchObject({ nonce: 'w3' });
      if (second === undefined) throw new Error('a mark');
      await rollups().clearLateHour(second);
      await rollups().clearLateHour(second);
      await expect(rollups().lateHours(10)).resolves.toEqual([]);
    });

    test('a retry that is given up before it is due marks its hour, which has not begun: who reads the books looks there', async () => {
      await dones().putDone(aDoneRow({ hop: 1, dueAt: '2026-11-24T18:00:00.000Z' }));
      await dones().putDone(aDoneRow({ hop: 2, dueAt: '2026-11-24T10:15:59.000Z' }));
      await expect(rollups().lateHours(10)).resolves.toMatchObject([{ hour: '2026-11-24T18' }]);
    });

    test('what nobody could read long after it came marks its hour, too', async () => {
      const now = () => new Date('2026-11-24T10:15:00.000Z');
      const store = dynamoPlanStore(doc, tableName, 15, now);
      const row = { v: 1, unreadableId: 'u1', reason: 'crash_loop', deadLetterKey: 'k' } as const;
      await store.putUnreadable({ ...row, at: '2026-11-24T09:59:59.000Z' });
      await store.putUnreadable({ ...row, at: '2026-11-24T03:00:00.000Z' });
      await expect(rollups().lateHours(10)).resolves.toMatchObject([
        { subject: { unreadable: true }, hour: '2026-11-24T03' },
      ]);
    });

    test('marks are found page by page, up to the limit', async () => {
      for (let hour = 0; hour < 5; hour += 1) {
        await dones().putDone(aDoneRow({ hop: hour, dueAt: `2026-11-23T0${hour}:00:00.000Z` }));
      }
      expect((await rollups().lateHours(3)).map(({ hour }) => hour)).toEqual([
        '2026-11-23T00',
        '2026-11-23T01',
        '2026-11-23T02',
      ]);
      await expect(rollups().lateHours(100)).resolves.toHaveLength(5);
    });

    const totals = sumDones([aDoneRow({ discarded: { 400: 2 }, hop: 1 })]);
    const DAY = '2026-11-24';

    test('a roll-up is put over the version that was read, and over no other (R13)', async () => {
      const book = rollups().destination(aDoneRow().destinationId);
      const hour = `${DAY}T10`;
      await expect(book.putHour(hour, noDestinationTotals(), { version: 0, writeId: 'a' })).resolves.toBe(true);
      await expect(book.putHour(hour, totals, { version: 0, writeId: 'b' })).resolves.toBe(false);
      await expect(book.putHour(hour, totals, { version: 1, writeId: 'c' })).resolves.toBe(true);
      // The SDK repeats a put whose answer was lost.
      await expect(book.putHour(hour, totals, { version: 1, writeId: 'c' })).resolves.toBe(true);
      await expect(book.putHour(hour, noDestinationTotals(), { version: 1, writeId: 'd' })).resolves.toBe(false);
      await expect(book.hours(hour, hour)).resolves.toEqual(new Map([[hour, { totals, version: 2 }]]));
      await expect(rollups().source(aPlanRow().sourceId).hours(hour, hour)).resolves.toEqual(new Map());
    });

    test('days are kept for ever with what they carry forward, and the newest before a day is found', async () => {
      const book = rollups().destination(aDoneRow().destinationId);
      await book.putDay('2026-11-22', { totals, sofar: totals }, { version: 0, writeId: 'a' });
      await book.putDay(DAY, { totals: noDestinationTotals(), sofar: totals }, { version: 0, writeId: 'b' });
      await expect(book.lastDayBefore(DAY)).resolves.toEqual({ day: '2026-11-22', totals, sofar: totals, version: 1 });
      await expect(book.lastDayBefore('2026-11-22')).resolves.toBeUndefined();
      expect([...(await book.days('2026-11-01', DAY)).keys()]).toEqual(['2026-11-22', DAY]);
      const { Items = [] } = await doc.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': ledgerKeys.days({ destinationId: aDoneRow().destinationId }) },
        }),
      );
      expect(Items.map(({ expiresAtSeconds }) => expiresAtSeconds as unknown)).toEqual([undefined, undefined]);
    });

    test('roll-ups of before there were versions are read, and put over', async () => {
      const { sourceId } = aPlanRow();
      const hour = `${DAY}T10`;
      const old = {
        received: 3,
        invalid: {},
        duplicate: 0,
        suppressed: 0,
        blocked: {},
        routed: 3,
        types: { track: 3 },
        planned: { dst_1: { filtered: { NO_MATCHING_MAPPING: 1 }, queued: 2, sends: 2 } },
      };
      await doc.send(new PutCommand({ TableName: tableName, Item: { pk: `H#S#${sourceId}`, sk: hour, totals: old } }));
      const book = rollups().source(sourceId);
      const [found] = [...(await book.hours(hour, hour)).values()];
      expect(found).toMatchObject({ version: 0, totals: { planned: { dst_1: { routed: 3, blocked: {} } } } });
      await expect(book.putHour(hour, noSourceTotals(), { version: 0, writeId: 'a' })).resolves.toBe(true);
    });

    test('usage of a day is that of its newest roll-up, whoever puts last (E2)', async () => {
      const day = { sourceId: aPlanRow().sourceId, day: DAY, types: {} };
      await rollups().putUsageDay({ ...day, calls: 5 }, 2);
      await rollups().putUsageDay({ ...day, calls: 4 }, 1);
      await expect(rollups().usageDays(day.sourceId, DAY, DAY)).resolves.toEqual([{ ...day, calls: 5 }]);
    });

    test('recoveries and mismatches are kept as they were found last', async () => {
      const { destinationId, sourceId, workspaceId } = aDoneRow();
      await rollups().putRecovery(destinationId, 1, { delivered: 2, isFinal: false });
      await rollups().putRecovery(destinationId, 1, { delivered: 3, isFinal: true });
      await rollups().putRecovery(destinationId, 12, { delivered: 1, isFinal: false });
      await expect(rollups().recoveries(destinationId)).resolves.toEqual(
        new Map([
          [1, { delivered: 3, isFinal: true }],
          [12, { delivered: 1, isFinal: false }],
        ]),
      );
      const mismatch = { workspaceId, sourceId, destinationId, kind: 'stuck', count: 2 } as const;
      await expect(rollups().getMismatches()).resolves.toBeUndefined();
      await rollups().putMismatches({ checkedAt: '2026-11-24T10:05:00.000Z', found: [mismatch] });
      await expect(rollups().getMismatches()).resolves.toEqual({
        checkedAt: '2026-11-24T10:05:00.000Z',
        found: [mismatch],
      });
    });

    const itemsOf = async (row: PlanRow) => {
      const { Items = [] } = await doc.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': ledgerKeys.plan(row).pk },
        }),
      );
      return Items;
    };

    test.each([
      ['a plan of exactly 300 KB is one item', PLAN_ITEM_BYTES_MAX, 1],
      ['one byte more goes into a further item', PLAN_ITEM_BYTES_MAX + 1, 2],
      ['a plan of a megabyte goes into four', 1_000_000, 4],
    ])('%s, and comes back whole, its destinations in order', async (_case, bytes, items) => {
      const row = aPlanOf(bytes);
      expect(Buffer.byteLength(planText(row))).toBe(bytes);
      await expect(plans().putPlan(row)).resolves.toEqual({ outcome: 'saved' });
      const stored = await itemsOf(row);
      expect(stored).toHaveLength(items);
      for (const { data } of stored) expect(Buffer.byteLength(String(data))).toBeLessThanOrEqual(PLAN_ITEM_BYTES_MAX);
      await expect(plans().getPlan(row)).resolves.toEqual(row);
      await expect(books().plansOfHour(row.sourceId, '2026-11-24T10')).resolves.toEqual([row]);
    });

    test('the further items of a plan that lost do not mix with those of the one that holds', async () => {
      const row = aPlanOf(400_000);
      await plans().putPlan(row);
      const other = aPlanOf(500_000, { writeId: 'other' });
      await expect(plans().putPlan(other)).resolves.toEqual({ outcome: 'exists', row });
      await expect(plans().getPlan(row)).resolves.toEqual(row);
    });

    test('a done row is put once: the same write again is saved, another meets the first', async () => {
      const row = aDoneRow();
      await expect(dones().getDone(row)).resolves.toBeUndefined();
      await expect(dones().putDone(row)).resolves.toEqual({ outcome: 'saved' });
      await expect(dones().putDone(row)).resolves.toEqual({ outcome: 'saved' });
      await expect(dones().putDone(aDoneRow({ writeId: 'other' }))).resolves.toEqual({ outcome: 'exists', row });
      await expect(dones().putDone(aDoneRow({ hop: 1 }))).resolves.toEqual({ outcome: 'saved' });
    });

    test('of many parts those that are done are found, and no others', async () => {
      const rows = Array.from({ length: 230 }, (_, slice) => aDoneRow({ slice, writeId: `w${slice}` }));
      const done = rows.filter(({ slice }) => slice % 3 === 0);
      await Promise.all(done.map((row) => dones().putDone(row)));
      const found = await plans().findDone(rows);
      expect(found.map(({ slice }) => slice).toSorted((a, b) => a - b)).toEqual(done.map(({ slice }) => slice));
    });

    test('an hour of a subject is all of its rows, of every shard and page, and nothing else', async () => {
      const at = (minute: number) => `2026-11-24T10:${String(minute).padStart(2, '0')}:00.000Z`;
      const filtered = Object.fromEntries(
        Array.from({ length: 200 }, (_, number) => [`reason_${number}`.padEnd(120, '.'), 1]),
      );
      const rows = Array.from({ length: 60 }, (_, minute) =>
        aPlanOf(150_000, { intakeId: intakeIdOf(minute), receivedAt: at(minute), blocked: filtered }),
      );
      const strangers = [
        aPlanRow({ receivedAt: '2026-11-24T09:59:59.999Z', intakeId: intakeIdOf(100) }),
        aPlanRow({ receivedAt: '2026-11-24T11:00:00.000Z', intakeId: intakeIdOf(101) }),
        aPlanRow({ sourceId: 'src_2', intakeId: intakeIdOf(102) }),
      ];
      await Promise.all([...rows, ...strangers].map((row) => plans().putPlan(row)));
      const found = await books().plansOfHour(aPlanRow().sourceId, '2026-11-24T10');
      expect(found.map(({ intakeId }) => intakeId).toSorted()).toEqual(rows.map(({ intakeId }) => intakeId));
    });

    test('done rows of an hour are found by when their hop was due', async () => {
      await dones().putDone(aDoneRow());
      await dones().putDone(aDoneRow({ slice: 1, dueAt: '2026-11-24T11:00:00.000Z' }));
      await expect(books().donesOfHour(aDoneRow().destinationId, '2026-11-24T10')).resolves.toEqual([aDoneRow()]);
    });

    test('refusals of an hour are found, and a notice that comes twice is one', async () => {
      const notice: RefusalNotice = {
        v: 1,
        notice: 'refusals',
        noticeId: 'n1',
        at: '2026-11-24T10:15:00.000Z',
        refusals: [{ reason: 'too-large', count: 3 }],
      };
      await plans().putRefusals(notice);
      await plans().putRefusals(notice);
      await expect(books().refusalsOfHour('2026-11-24T10')).resolves.toEqual([notice]);
      await expect(books().refusalsOfHour('2026-11-24T11')).resolves.toEqual([]);
    });
  });
}
