import { randomBytes } from 'node:crypto';
import { AppError } from '../domain/app-error.ts';
import { SealedValue } from '../domain/workspace.ts';
import type { Documents } from '../ports/documents.ts';
import type { Sealer } from '../ports/sealer.ts';
import { getItem } from './control-items.ts';
import { controlKeys } from './control-keys.ts';
import { transact } from './transact.ts';

const KEY_BYTES = 32;
/** Bound into the cipher: a sealed text of elsewhere does not open as this key. */
const CONTEXT = { workspaceId: 'deployment', destinationId: 'api', field: 'cursors' };

/**
 * The deployment's key for signing cursors: made by whoever needs it first, sealed in the control table, opened once by each environment. A failure is
 * not remembered.
 */
export function storedSigningKey(
  documents: Documents,
  tableName: string,
  sealer: () => Promise<Sealer>,
): () => Promise<Buffer> {
  const key = controlKeys.cursorKey();
  const read = async (): Promise<Buffer | undefined> => {
    const sealed = await getItem(documents, tableName, key, SealedValue);
    return sealed && Buffer.from(await (await sealer()).open(sealed, CONTEXT), 'base64url');
  };
  const readOrMake = async (): Promise<Buffer> => {
    const known = await read();
    if (known !== undefined) return known;
    const sealed = await (await sealer()).seal(randomBytes(KEY_BYTES).toString('base64url'), CONTEXT);
    const Item = { ...key, data: JSON.stringify(sealed) };
    await transact(documents, [
      { Put: { TableName: tableName, Item, ConditionExpression: 'attribute_not_exists(pk)' } },
    ]);
    // Ours, or that of another environment that was quicker.
    const stored = await read();
    if (stored === undefined) throw new AppError('upstream-unavailable', 'The signing key was not saved');
    return stored;
  };
  let known: Promise<Buffer> | undefined;
  return async () => {
    known ??= readOrMake();
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
}
