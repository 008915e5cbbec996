import type { DestinationId, IntakeId, ReplayId, SourceId } from '../domain/ids.ts';
import type { RefusalNotice } from '../domain/intake-message.ts';
import type { DoneRow, PlanRow, UnreadableRow } from '../domain/ledger-rows.ts';

/** Names one plan row. */
export type PlanKey = { sourceId: SourceId; receivedAt: string; intakeId: IntakeId };
/** Names one done row. With `replay` it lies with the rows of that run. */
export type DoneKey = {
  destinationId: DestinationId;
  dueAt: string;
  intakeId: IntakeId;
  slice: number;
  hop: number;
  replay?: ReplayId | undefined;
};

export type PlanStore = {
  getPlan(key: PlanKey): Promise<PlanRow | undefined>;
  /** Puts the row if none is there. `saved` also when an SDK retry meets its own write (same writeId). Reads strongly before it answers `exists`. */
  putPlan(row: PlanRow): Promise<{ outcome: 'saved' } | { outcome: 'exists'; row: PlanRow }>;
  /** Which of the parts have their done row already. */
  findDone(keys: readonly DoneKey[]): Promise<readonly DoneRow[]>;
  putRefusals(notice: RefusalNotice): Promise<void>;
  /** The same row again is the same row. */
  putUnreadable(row: UnreadableRow): Promise<void>;
};

export type DoneStore = {
  /** Read strongly. */
  getDone(key: DoneKey): Promise<DoneRow | undefined>;
  /** The rows that are there, read strongly, in no order. */
  findDone(keys: readonly DoneKey[]): Promise<readonly DoneRow[]>;
  /** As putPlan. */
  putDone(row: DoneRow): Promise<{ outcome: 'saved' } | { outcome: 'exists'; row: DoneRow }>;
};

/**
 * Marks of work that has begun and not ended, made on redeliveries only: who dies over a message leaves its mark behind, and one that has
 * left CRASHES_MAX of them is put away instead of tried again (trap Q5).
 */
export type TryStore = {
  /** How many marks of that name stand: receives that began and never ended. Writes nothing. */
  unended(name: string): Promise<number>;
  /** Puts a mark; the same one again is one. */
  begin(name: string, receive: string): Promise<void>;
  /** Takes the mark away: that receive has ended, be it with an error. */
  end(name: string, receive: string): Promise<void>;
};

/** Minutes of an hour, both included. */
export type Minutes = { from: string; to: string };

/** Reads of the books: all rows of a subject in an hour, or in some minutes of it, strongly consistent, paged inside. */
export type LedgerReader = {
  plansOfHour(sourceId: SourceId, hour: string, minutes?: Minutes): Promise<PlanRow[]>;
  donesOfHour(destinationId: DestinationId, hour: string, minutes?: Minutes): Promise<DoneRow[]>;
  /** Refusal notices of an hour, all sources of the deployment; of not more than so many pages of 1 MB, where that is said. */
  refusalsOfHour(hour: string, pagesMax?: number): Promise<RefusalNotice[]>;
  /** Requests that nobody could read, of an hour, all sources of the deployment. */
  unreadableOfHour(hour: string): Promise<UnreadableRow[]>;
};

/**
 * Reads of the rows of one subject in a span, a minute (`2026-11-27T10:31`) or an hour (`2026-11-27T10`), from those of LEDGER_SHARDS whose bit is set
 * in `shards`. `eventually` is for who reads the same again: it may miss what was put a moment ago.
 */
export type SpanRows = {
  plansOfSpan(sourceId: SourceId, span: string, shards: number, how: SpanRead): Promise<PlanRow[]>;
  donesOfSpan(destinationId: DestinationId, span: string, shards: number, how: SpanRead): Promise<DoneRow[]>;
};
export type SpanRead = 'strongly' | 'eventually';
