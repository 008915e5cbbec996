import * as z from 'zod';

/** A secret as it is kept: only who may use its key can open it (see `Sealer`). */
export const SealedValue = z.object({ sealed: z.string().max(16_384) });
export type SealedValue = z.infer<typeof SealedValue>;
