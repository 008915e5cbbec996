import type { IntakeId, SourceId } from '../domain/ids.ts';

/** What one intake message wants to claim. Its messageIds are distinct. */
export type ClaimRequest = {
  sourceId: SourceId;
  intakeId: IntakeId;
  receivedAt: string;
  dedupHours: number;
  events: readonly ClaimedEvent[];
};

/** `device`: repeats are looked for among what came from the same device (`deviceOf`). Without it: among all of the source. */
export type ClaimedEvent = { messageId: string; device?: string | undefined };

export type ClaimStore = {
  /**
   * Claims messageIds for an intake message and answers which of them belong to another one (duplicates). A messageId is free when it is
   * absent, already this owner's, or expired: its `receivedAt` + window lies before `receivedAt`. Exact, also under SDK retries and races.
   * Throws when the store fails; then nothing may be routed.
   */
  claim(request: ClaimRequest): Promise<ReadonlySet<string>>;
};
