import type { IntakeId, SourceId } from '../domain/ids.ts';

export type ClaimStore = {
  /**
   * Claims messageIds for an intake message and answers which of them belong to another one (duplicates). A messageId is free when it is
   * absent, already this owner's, or expired: its `receivedAt` + window lies before `receivedAt`. Exact, also under SDK retries and races.
   * `messageIds` are distinct. Throws when the store fails; then nothing may be routed.
   */
  claim(request: {
    sourceId: SourceId;
    intakeId: IntakeId;
    receivedAt: string;
    dedupHours: number;
    messageIds: readonly string[];
  }): Promise<ReadonlySet<string>>;
};
