import { createHash } from 'node:crypto';
import { AppError } from '../domain/app-error.ts';
import { ENTRY_BYTES, HASH_BYTES, type LedgerEntry } from '../domain/device-ledger.ts';
import { IntakeId } from '../domain/ids.ts';

/** 22 characters of base64url are 132 bits: 17 bytes, which give back every one of them. */
const OWNER_CHARS = 22;
const OWNER_BYTES = 17;
const TIME_BYTES = 6;
const COUNT_BYTES = ENTRY_BYTES - OWNER_BYTES - TIME_BYTES;
const OWNER_PREFIX = 'in_';
/** Fills the last characters of a base64url text, so that all bits of ours are read. */
const PADDING = 'AA';

/**
 * The first 8 bytes of a messageId's SHA-256. Two of one device are taken for the same with a chance of 2^-64 a pair: one in 10^11 for
 * a device that sent 10,000 within its window.
 */
export const hashOf = (messageId: string): string =>
  createHash('sha256').update(messageId).digest().subarray(0, HASH_BYTES).toString('base64url');

/** Entries in order: of each the owner, its time in ms, the number of its hashes, the hashes. */
export function packEntries(entries: readonly LedgerEntry[]): Buffer<ArrayBuffer> {
  const parts = entries.map(({ owner, receivedAtMs, hashes }) => {
    const head = Buffer.alloc(ENTRY_BYTES);
    Buffer.from(`${owner.slice(OWNER_PREFIX.length)}${PADDING}`, 'base64url').copy(head, 0, 0, OWNER_BYTES);
    head.writeUIntBE(receivedAtMs, OWNER_BYTES, TIME_BYTES);
    head.writeUIntBE(hashes.length, OWNER_BYTES + TIME_BYTES, COUNT_BYTES);
    return Buffer.concat([head, ...hashes.map((hash) => Buffer.from(hash, 'base64url'))]);
  });
  return Buffer.concat(parts);
}

/** Throws where bytes are missing: half of a ledger is never judged by. */
export function unpackEntries(packed: Uint8Array): LedgerEntry[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const entries: LedgerEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + ENTRY_BYTES > bytes.length) throw new AppError('malformed-item', 'A device ledger ends within an entry');
    const owner = bytes
      .subarray(at, at + OWNER_BYTES + 1)
      .toString('base64url')
      .slice(0, OWNER_CHARS);
    const receivedAtMs = bytes.readUIntBE(at + OWNER_BYTES, TIME_BYTES);
    const count = bytes.readUIntBE(at + OWNER_BYTES + TIME_BYTES, COUNT_BYTES);
    const from = at + ENTRY_BYTES;
    at = from + count * HASH_BYTES;
    if (at > bytes.length) throw new AppError('malformed-item', 'A device ledger ends within an entry');
    const hashes = Array.from({ length: count }, (_, index) =>
      bytes.subarray(from + index * HASH_BYTES, from + (index + 1) * HASH_BYTES).toString('base64url'),
    );
    entries.push({ owner: IntakeId.parse(`${OWNER_PREFIX}${owner}`), receivedAtMs, hashes });
  }
  return entries;
}
