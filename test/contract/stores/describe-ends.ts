import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoDoneStore, dynamoLedgerReader, dynamoPlanStore } from '../../../shared/aws/dynamo-ledger.ts';
import { dynamoRollupStore } from '../../../shared/aws/dynamo-rollup-store.ts';
import { dynamoTryStore } from '../../../shared/aws/dynamo-try-store.ts';
import { ledgerKeys } from '../../../shared/aws/ledger-keys.ts';
import { bitmapOf } from '../../../shared/domain/bitmap.ts';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';
import { aDoneRow, anUnreadableRow } from '../../builders/ledger-rows.ts';
import { aStateTable } from '../../builders/state-table.ts';

const RUN = `rp_${'r'.repeat(22)}`;
const OTHER_RUN = `rp_${'s'.repeat(22)}`;
const HOUR = '2026-11-24T10';

/** What every DynamoDB must make of how things end: later hops, replay runs, requests that nobody could read, marks of tries. */
export function describeEnds(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(`ends in the ledger on ${name}`, () => {
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
    const lateHours = () => dynamoRollupStore(doc, { ledger: tableName, usage: tableName }).lateHours(10);

    test('a row that asks for another hop says which sends, when, and since when they wait', async () => {
      const row = aDoneRow({
        delivered: 0,
        retry: 3,
        retryBitmap: bitmapOf([0, 7, 199]),
        triedBitmap: bitmapOf([7]),
        nextDueAt: '2026-11-24T10:15:05.500Z',
        waitingSince: '2026-11-24T10:15:00.500Z',
      });
      await dones().putDone(row);
      await expect(dones().getDone(row)).resolves.toEqual(row);
      await expect(dones().getDone({ ...row, hop: 1 })).resolves.toBeUndefined();
    });

    test('rows of a replay run lie with the run: the first books of the same part do not see them, nor they those', async () => {
      const first = aDoneRow();
      const replayed = aDoneRow({ replay: RUN, writeId: 'w3', delivered: 0, discarded: { '400': 1 } });
      await expect(dones().putDone(first)).resolves.toEqual({ outcome: 'saved' });
      await expect(dones().getDone(replayed)).resolves.toBeUndefined();
      await expect(dones().putDone(replayed)).resolves.toEqual({ outcome: 'saved' });
      await expect(dones().putDone(aDoneRow({ replay: OTHER_RUN }))).resolves.toEqual({ outcome: 'saved' });

      await expect(dones().getDone(first)).resolves.toEqual(first);
      await expect(dones().getDone(replayed)).resolves.toEqual(replayed);
      await expect(dones().putDone({ ...replayed, writeId: 'late' })).resolves.toEqual({
        outcome: 'exists',
        row: replayed,
      });
      const found = await dones().findDone([first, replayed, { ...replayed, hop: 1 }]);
      expect(found.toSorted((a, b) => a.writeId.localeCompare(b.writeId))).toEqual([first, replayed]);
      await expect(books().donesOfHour(first.destinationId, HOUR)).resolves.toEqual([first]);
    });

    test('a late row of a replay run marks no hour: no roll-up holds it', async () => {
      await dones().putDone(aDoneRow({ replay: RUN, settledAt: '2026-11-30T10:15:00.000Z' }));
      await expect(lateHours()).resolves.toEqual([]);
    });

    test('a request that nobody could read is one, however often it is put, and is found in its hour', async () => {
      const row = anUnreadableRow();
      const other = anUnreadableRow({
        unreadableId: 'u2',
        reason: 'malformed',
        sourceId: undefined,
        intakeId: undefined,
      });
      await plans().putUnreadable(row);
      await plans().putUnreadable(row);
      await plans().putUnreadable(other);
      await plans().putUnreadable(anUnreadableRow({ unreadableId: 'u3', at: '2026-11-24T11:00:00.000Z' }));
      await plans().putRefusals({ v: 1, notice: 'refusals', noticeId: 'n1', at: row.at, refusals: [] });
      const found = await books().unreadableOfHour(HOUR);
      expect(found.toSorted((a, b) => a.unreadableId.localeCompare(b.unreadableId))).toEqual([row, other]);
      await expect(books().refusalsOfHour(HOUR)).resolves.toHaveLength(1);
    });

    test('its row outlives the object that it names, however old the request was', async () => {
      const row = anUnreadableRow({ at: '2020-01-01T10:15:00.000Z' });
      await plans().putUnreadable(row);
      const { Item } = await doc.send(
        new GetCommand({ TableName: tableName, Key: ledgerKeys.unreadable(row.at, row.unreadableId) }),
      );
      const days = (Number(Item?.['expiresAtSeconds']) - Date.now() / 1_000) / 86_400;
      expect(days).toBeGreaterThan(30);
      expect(days).toBeLessThan(32);
    });

    test('marks are counted by name, the same one once; one that is taken away twice is gone', async () => {
      const tries = dynamoTryStore(doc, tableName, Date.now);
      for (const receive of ['r1', 'r2', 'r2']) await tries.begin('a', receive);
      await tries.begin('b', 'r1');
      await expect(tries.unended('a')).resolves.toBe(2);
      await tries.end('a', 'r1');
      await tries.end('a', 'r1');
      await tries.begin('a', 'r3');
      await expect(tries.unended('b')).resolves.toBe(1);
      await expect(tries.unended('c')).resolves.toBe(0);
    });
  });
}
