import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../domain/app-error.ts';
import type { Documents, TransactItem } from '../ports/documents.ts';

/** Two edits of one workspace at one moment meet at its version item; each loser tries again this often (D7). */
export const CONFLICT_TRIES_MAX = 4;
/** The wait before a further try is random up to this, doubled each time. */
const CONFLICT_WAIT_MS = 40;

/**
 * Runs a transaction on the control table. The answer tells whether it holds; where it does not, `failed` tells item by item whose condition was not
 * met. Throws AppError('conflict') when others are at the same items in each of CONFLICT_TRIES_MAX tries.
 */
export async function transact(
  documents: Pick<Documents, 'transact'>,
  items: TransactItem[],
): Promise<{ saved: true } | { saved: false; failed: boolean[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await documents.transact(items);
    if (result.outcome === 'saved') return { saved: true };
    const { codes, cause } = result;
    const failed = codes.map((code) => code === 'ConditionalCheckFailed');
    if (failed.includes(true)) return { saved: false, failed };
    const passing = codes.every((code) => code === 'None' || PASSING_REASONS.has(code));
    if (!passing || codes.length === 0) throw cause;
    if (attempt >= CONFLICT_TRIES_MAX) {
      throw new AppError('conflict', 'The workspace is being changed by others; try again', { cause });
    }
    await wait(Math.random() * CONFLICT_WAIT_MS * 2 ** attempt);
  }
}

/** Reasons of a cancelled transaction that pass by themselves. */
const PASSING_REASONS = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);
