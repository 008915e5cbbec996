import { hashOf, packEntries, unpackEntries } from '../../../../shared/aws/ledger-entries.ts';
import { ledgerBytes, type LedgerEntry } from '../../../../shared/domain/device-ledger.ts';
import { IntakeId } from '../../../../shared/domain/ids.ts';
import { randomFrom } from '../../../sim/random.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test('entries come back as they were, whatever id, time and number of hashes', () => {
  const random = randomFrom(1);
  const entries = Array.from({ length: 200 }, (): LedgerEntry => {
    const id = Array.from({ length: 22 }, () => LETTERS[random.whole(0, 63)]).join('');
    return {
      owner: IntakeId.parse(`in_${id}`),
      receivedAtMs: random.whole(0, 4_102_444_800_000),
      hashes: Array.from({ length: random.whole(0, 5) }, () => hashOf(String(random.next()))),
    };
  });
  const packed = packEntries(entries);
  expect(packed).toHaveLength(ledgerBytes(entries));
  expect(unpackEntries(packed)).toEqual(entries);
});

test.each([1, 24, 30])('entries of which %d bytes are left are never read as fewer', (bytes) => {
  const packed = packEntries([
    { owner: IntakeId.parse(`in_${'x'.repeat(22)}`), receivedAtMs: 5, hashes: [hashOf('a')] },
  ]);
  expect(() => unpackEntries(packed.subarray(0, bytes))).toThrow('ends within an entry');
});

test('messageIds that share most of their characters share no hash', () => {
  const hashes = new Set(Array.from({ length: 10_000 }, (_, number) => hashOf(`node-next-1764000000000-${number}`)));
  expect(hashes.size).toBe(10_000);
});
