import type { DeviceLedger } from '../../../shared/aws/device-claims.ts';
import type { LedgerChunk, LedgerHead } from '../../../shared/domain/device-ledger.ts';
import type { BreakerStore, OpenBreaker } from '../../../shared/ports/breaker-store.ts';
import type { ClaimStore } from '../../../shared/ports/claim-store.ts';
import type { DoneStore, PlanStore, TryStore } from '../../../shared/ports/ledger.ts';
import { anIntakeMessage } from '../../builders/intake-message.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../builders/ledger-rows.ts';

export type RowsUnderTest = {
  plans: PlanStore;
  dones: DoneStore;
  tries: TryStore;
  claims: ClaimStore;
  devices: DeviceLedger;
  breakers: BreakerStore;
};

const RECEIVED = '2026-11-24T10:15:00.000Z';
const hoursLater = (hours: number): string => new Date(Date.parse(RECEIVED) + hours * 3_600_000).toISOString();

const aClaim = (
  owner: number,
  messageIds: readonly string[],
  receivedAt = RECEIVED,
): Parameters<ClaimStore['claim']>[0] => {
  const { sourceId, intakeId } = anIntakeMessage({ intakeId: intakeIdOf(owner) });
  const events = messageIds.map((messageId) => ({ messageId }));
  return { sourceId, intakeId, receivedAt, dedupHours: 24, events };
};

const KEY = 'src_1#device#any';
const anEntry = (owner: number, hashes: string[]) => ({
  owner: anIntakeMessage({ intakeId: intakeIdOf(owner) }).intakeId,
  receivedAtMs: Date.parse(RECEIVED),
  hashes,
});
const aHead = (over: Partial<LedgerHead> = {}): LedgerHead => ({
  epoch: 'epoch',
  version: 'one',
  chunks: 0,
  chunksNewestMs: 0,
  entries: [anEntry(1, ['AAAAAAAAAAA', '__________8'])],
  isClosed: false,
  expiresAtSeconds: 1_800_000_000,
  ...over,
});
const aChunk = (number: number): LedgerChunk => ({
  epoch: 'epoch',
  number,
  newestMs: Date.parse(RECEIVED) + number,
  entries: [anEntry(number, ['AAAAAAAAAAA'])],
  expiresAtSeconds: 1_800_000_000,
});

const aBreaker = (over: Partial<OpenBreaker> = {}): OpenBreaker => ({
  destinationId: aDoneRow().destinationId,
  openedAt: RECEIVED,
  cause: 'failing',
  code: '503',
  message: 'Service Unavailable',
  probeAt: hoursLater(1),
  probes: 0,
  destinationVersion: 1,
  writeId: 'first',
  ...over,
});

/** The behaviour of rows that the simulator's tables must share with the adapters on the local cloud. */
export function describeRows(name: string, start: () => Promise<RowsUnderTest>): void {
  describe(`rows: ${name}`, () => {
    test('a plan is put once: the same write again is saved, another meets the first', async () => {
      const { plans } = await start();
      const row = aPlanRow();
      await expect(plans.getPlan(row)).resolves.toBeUndefined();
      await expect(plans.putPlan(row)).resolves.toEqual({ outcome: 'saved' });
      await expect(plans.putPlan(row)).resolves.toEqual({ outcome: 'saved' });
      await expect(plans.putPlan(aPlanRow({ writeId: 'other', routed: 0 }))).resolves.toEqual({
        outcome: 'exists',
        row,
      });
      await expect(plans.getPlan(row)).resolves.toEqual(row);
    });

    test('a done row is put once by part, hop and minute: the same write again is saved, another meets the first', async () => {
      const { dones } = await start();
      const row = aDoneRow();
      await expect(dones.putDone(row)).resolves.toEqual({ outcome: 'saved' });
      await expect(dones.putDone(row)).resolves.toEqual({ outcome: 'saved' });
      await expect(dones.putDone(aDoneRow({ writeId: 'other', delivered: 0 }))).resolves.toEqual({
        outcome: 'exists',
        row,
      });
      for (const other of [{ hop: 1 }, { slice: 1 }, { intakeId: intakeIdOf(2) }, { destinationId: 'dst_2' }]) {
        await expect(dones.putDone(aDoneRow(other))).resolves.toEqual({ outcome: 'saved' });
      }
      // The second of its due time is no part of the key, the minute is.
      const later = aDoneRow({ writeId: 'later', dueAt: '2026-11-24T10:15:59.000Z' });
      await expect(dones.putDone(later)).resolves.toMatchObject({ outcome: 'exists' });
      await expect(dones.putDone({ ...later, dueAt: '2026-11-24T10:16:00.000Z' })).resolves.toEqual({
        outcome: 'saved',
      });
    });

    test('of many parts the rows that are there are found', async () => {
      const { plans, dones } = await start();
      const rows = [aDoneRow(), aDoneRow({ slice: 2 })];
      for (const row of rows) await dones.putDone(row);
      const keys = [aDoneRow({ slice: 1 }), ...rows];
      for (const store of [plans, dones]) {
        const found = await store.findDone(keys);
        expect(found.toSorted((a, b) => a.slice - b.slice)).toEqual(rows);
      }
    });

    test('a messageId belongs to the first request that claims it, until its window is over by the messages themselves', async () => {
      const { claims } = await start();
      await expect(claims.claim(aClaim(1, ['a', 'b']))).resolves.toEqual(new Set());
      await expect(claims.claim(aClaim(1, ['a', 'c']))).resolves.toEqual(new Set());
      await expect(claims.claim(aClaim(2, ['a', 'd']))).resolves.toEqual(new Set(['a']));
      await expect(claims.claim(aClaim(3, ['a'], hoursLater(24)))).resolves.toEqual(new Set(['a']));
      await expect(claims.claim(aClaim(3, ['a'], hoursLater(24.001)))).resolves.toEqual(new Set());
      await expect(claims.claim(aClaim(1, ['a']))).resolves.toEqual(new Set(['a']));
    });

    test('the head of a device is put over the version that was read, and over no other', async () => {
      const { devices } = await start();
      const head = async () => (await devices.heads([KEY, 'src_1#device#other'])).get(KEY);
      await expect(head()).resolves.toBeUndefined();
      await expect(devices.putHead(KEY, aHead(), 'one')).resolves.toBe(false);
      await devices.putHead(KEY, aHead(), undefined);
      await expect(devices.putHead(KEY, aHead({ version: 'two' }), undefined)).resolves.toBe(false);
      await expect(devices.putHead(KEY, aHead({ version: 'two' }), 'none')).resolves.toBe(false);
      await expect(head()).resolves.toEqual(aHead());
      const next = aHead({ version: 'two', chunks: 3, chunksNewestMs: 5, entries: [anEntry(1, []), anEntry(2, [])] });
      await devices.putHead(KEY, next, 'one');
      await expect(head()).resolves.toEqual(next);
    });

    test('a head is closed whatever its version, and lives on if it is there', async () => {
      const { devices } = await start();
      const head = async () => (await devices.heads([KEY])).get(KEY);
      await expect(devices.close(KEY, 'epoch', 'two')).resolves.toBe(false);
      await expect(devices.keep(KEY, 'epoch', 1_900_000_000)).resolves.toBe(false);
      await devices.putHead(KEY, aHead(), undefined);
      await expect(devices.close(KEY, 'other', 'two')).resolves.toBe(false);
      await expect(devices.close(KEY, 'epoch', 'two')).resolves.toBe(true);
      await expect(devices.putHead(KEY, aHead({ version: 'three' }), 'one')).resolves.toBe(false);
      await expect(devices.keep(KEY, 'other', 1_900_000_000)).resolves.toBe(false);
      await expect(devices.keep(KEY, 'epoch', 1_700_000_000)).resolves.toBe(false);
      await devices.keep(KEY, 'epoch', 1_900_000_000);
      const kept = aHead({ version: 'two', isClosed: true, expiresAtSeconds: 1_900_000_000 });
      await expect(head()).resolves.toEqual(kept);
    });

    test('chunks come newest first, those of one epoch, as many as are asked for', async () => {
      const { devices } = await start();
      for (const number of [0, 1, 2, 9, 10, 11]) await devices.putChunk(KEY, aChunk(number));
      await devices.putChunk(KEY, { ...aChunk(10), epoch: 'other' });
      await devices.putChunk(KEY, aChunk(1));
      await expect(devices.chunks(KEY, 'epoch', 11, 2)).resolves.toEqual([aChunk(10), aChunk(9)]);
      await expect(devices.chunks(KEY, 'epoch', 2, 5)).resolves.toEqual([aChunk(1), aChunk(0)]);
      await expect(devices.chunks('src_2#device#any', 'epoch', 9, 5)).resolves.toEqual([]);
    });

    test('a breaker opens once, its probe has one holder, and only who read the latest closes it', async () => {
      const { breakers } = await start();
      const first = aBreaker();
      await expect(breakers.open(first)).resolves.toEqual(first);
      await expect(breakers.open(aBreaker({ writeId: 'second' }))).resolves.toEqual(first);
      const lease = aBreaker({ probes: 1, writeId: 'lease' });
      await expect(breakers.replace(first, lease)).resolves.toBe(true);
      await expect(breakers.replace(first, lease)).resolves.toBe(true);
      await expect(breakers.replace(first, aBreaker({ writeId: 'late' }))).resolves.toBe(false);
      await breakers.close(first);
      await expect(breakers.get(first.destinationId)).resolves.toEqual(lease);
      await breakers.close(lease);
      await expect(breakers.get(first.destinationId)).resolves.toBeUndefined();
    });

    test('marks of tries stand until they are taken away, and the same mark twice is one', async () => {
      const { tries } = await start();
      for (const receive of ['one', 'one', 'two']) await tries.begin('part', receive);
      await expect(tries.unended('part')).resolves.toBe(2);
      await expect(tries.unended('other')).resolves.toBe(0);
      await tries.end('part', 'one');
      await expect(tries.unended('part')).resolves.toBe(1);
    });
  });
}
