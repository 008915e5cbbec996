import { AppError } from '../../shared/domain/app-error.ts';
import type { SealedValue } from '../../shared/domain/sealed-value.ts';
import type { SealContext, Sealer } from '../../shared/ports/sealer.ts';

/** A secret that is sealed already stays as it is: sealed again it would look changed. One that does not open is sealed anew. */
export async function sealOnce(
  sealer: Sealer,
  plain: string,
  before: readonly SealedValue[],
  context: SealContext,
): Promise<SealedValue> {
  for (const sealed of before) {
    try {
      if ((await sealer.open(sealed, context)) === plain) return sealed;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'secret-unreadable') throw error;
    }
  }
  return await sealer.seal(plain, context);
}
