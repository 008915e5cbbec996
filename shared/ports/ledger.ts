import type { DestinationId, IntakeId, SourceId } from '../domain/ids.ts';
import type { RefusalNotice } from '../domain/intake-message.ts';
import type { DoneRow, PlanRow } from '../domain/ledger-rows.ts';

/** Names one plan row. */
export type PlanKey = { sourceId: SourceId; receivedAt: string; intakeId: IntakeId };
/** Names one done row. */
export type DoneKey = { destinationId: DestinationId; dueAt: string; intakeId: IntakeId; slice: number; hop: number };

export type PlanStore = {
  getPlan(key: PlanKey): Promise<PlanRow | undefined>;
  /** Puts the row if none is there. `saved` also when an SDK retry meets its own write (same writeId). Reads strongly before it answers `exists`. */
  putPlan(row: PlanRow): Promise<{ outcome: 'saved' } | { outcome: 'exists'; row: PlanRow }>;
  /** Which of the parts have their done row already. */
  findDone(keys: readonly DoneKey[]): Promise<readonly DoneRow[]>;
  putRefusals(notice: RefusalNotice): Promise<void>;
};

export type DoneStore = {
  getDone(key: DoneKey): Promise<DoneRow | undefined>;
  /** As putPlan. */
  putDone(row: DoneRow): Promise<{ outcome: 'saved' } | { outcome: 'exists'; row: DoneRow }>;
};

/** Reads of the books: all rows of a subject in an hour, strongly consistent, paged inside. */
export type LedgerReader = {
  plansOfHour(sourceId: SourceId, hour: string): Promise<PlanRow[]>;
  donesOfHour(destinationId: DestinationId, hour: string): Promise<DoneRow[]>;
  /** Refusal notices of an hour, all sources of the deployment. */
  refusalsOfHour(hour: string): Promise<RefusalNotice[]>;
};
