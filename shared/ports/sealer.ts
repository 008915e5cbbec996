import type { SealedValue } from '../domain/sealed-value.ts';

/**
 * What a secret belongs to; bound into the cipher, so that a secret moved elsewhere does not open. Data keys of sources' secrets and of alerts' are
 * wrapped apart (their KMS context has `purpose: source`, `purpose: alert`): who may open those, as ingest and send-alerts do, may not open the
 * secrets of destinations.
 */
export type SealContext =
  | { workspaceId: string; destinationId: string; field: string }
  | { workspaceId: string; sourceId: string; field: string }
  | { workspaceId: string; alertId: string; field: string };

/** Seals for one context what is sealed for another, of the same workspace and under the same data key. */
export type Resealer = {
  /** Throws as `open` does. */
  reseal(value: SealedValue, from: SealContext, to: SealContext): Promise<SealedValue>;
};

/** Opens and closes secrets with a data key per workspace under the deployment's KMS key. */
export type Sealer = {
  seal(plain: string, context: SealContext): Promise<SealedValue>;
  /** Throws AppError('secret-unreadable') where the context differs, the text was changed or the key is gone. */
  open(value: SealedValue, context: SealContext): Promise<string>;
};
