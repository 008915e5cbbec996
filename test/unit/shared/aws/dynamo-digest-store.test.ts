import { randomBytes } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoDigestStore } from '../../../../shared/aws/dynamo-digest-store.ts';
import { destinationPartOf, type DigestParts } from '../../../../shared/domain/digest-sums.ts';
import { WorkspaceId } from '../../../../shared/domain/ids.ts';
import { aDoneRow } from '../../../builders/ledger-rows.ts';
import { meteredTable } from '../../../builders/metered-table.ts';

const ws1 = WorkspaceId.parse('ws_1');
const HOUR = '2026-11-24T10';
const DAY_MS = 86_400_000;

/** Larger than one item: names that do not get shorter by being deflated. */
const large = (): DigestParts => ({
  sources: {},
  destinations: Object.fromEntries(
    Array.from({ length: 900 }, () => {
      const discarded = Object.fromEntries(Array.from({ length: 8 }, () => [randomBytes(45).toString('base64'), 1]));
      return [`dst_${randomBytes(12).toString('hex')}`, destinationPartOf([aDoneRow({ discarded })], 1) as never];
    }),
  ),
});

function setUp() {
  const table = meteredTable();
  const clock = { nowMs: Date.parse('2026-11-24T10:59:30.000Z') };
  return { ...table, clock, store: dynamoDigestStore(table.doc, 'ledger', () => new Date(clock.nowMs)) };
}

test('a reading of hours reads what belongs to each as it is now, and nothing of versions of before', async () => {
  const { store, units } = setUp();
  const parts = large();
  for (let version = 0; version < 10; version += 1) await store.put(ws1, { hour: HOUR }, parts, version);
  const before = units.reads;
  expect((await store.hourParts(ws1, '2026-11-24T00', HOUR)).get(HOUR)).toEqual({ parts, version: 10 });
  // 400 to 600 KB in units of 4 KB, once.
  expect(units.reads - before).toBeLessThan(150);
});

test('a sum that has expired and lost a part hides no other one, and is not served', async () => {
  const { doc, store, clock, items } = setUp();
  await store.put(ws1, { hour: HOUR }, large(), 0);
  clock.nowMs += 15 * DAY_MS;
  const small = { sources: {}, destinations: { dst_1: destinationPartOf([aDoneRow()], 1) as never } };
  await store.put(ws1, { hour: '2026-12-09T10' }, small, 0);
  clock.nowMs += 60_000;
  const further = items().filter(({ sk }) => sk.startsWith(' '));
  expect(further.length).toBeGreaterThan(0);
  for (const { pk, sk } of further) await doc.send(new DeleteCommand({ TableName: 'ledger', Key: { pk, sk } }));
  const hours = await store.hours(ws1, HOUR, '2026-12-09T10');
  expect(hours.get('2026-12-09T10')?.destinations['dst_1']).toMatchObject({ delivered: 1 });
  expect(hours.get(HOUR)?.destinations ?? {}).toEqual({});
});

test('what a sum’s item counts on expires a week after it, and where it is missing before that nothing is summed from half', async () => {
  const { doc, store, items } = setUp();
  await store.put(ws1, { hour: HOUR }, large(), 0);
  const [main] = items().filter(({ sk }) => sk === HOUR);
  const further = items().filter(({ sk }) => sk.startsWith(' '));
  for (const { expiresAtSeconds } of further) {
    expect(expiresAtSeconds).toBe(Number(main?.['expiresAtSeconds']) + 7 * 86_400);
  }
  const [{ pk, sk } = { pk: '', sk: '' }] = further;
  await doc.send(new DeleteCommand({ TableName: 'ledger', Key: { pk, sk } }));
  await expect(store.hours(ws1, HOUR, HOUR)).rejects.toThrow('is missing');
});
