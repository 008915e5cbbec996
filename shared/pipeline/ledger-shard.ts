import { LEDGER_SHARDS } from '../config/limits.ts';

/** One of LEDGER_SHARDS, by FNV-1a of the id: even, and the same wherever it is computed. */
export function shardOf(intakeId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < intakeId.length; index += 1) {
    hash ^= intakeId.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash % LEDGER_SHARDS;
}
