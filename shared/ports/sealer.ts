import type { SealedValue } from '../domain/workspace.ts';

/** What a secret belongs to; bound into the cipher, so that a secret moved elsewhere does not open. */
export type SealContext = { workspaceId: string; destinationId: string; field: string };

/** Opens and closes secrets with a data key per workspace under the deployment's KMS key. */
export type Sealer = {
  seal(plain: string, context: SealContext): Promise<SealedValue>;
  /** Throws AppError('secret-unreadable') where the context differs, the text was changed or the key is gone. */
  open(value: SealedValue, context: SealContext): Promise<string>;
};
