import type { DestinationTotals, SourceTotals, UnreadableTotals } from '../domain/books.ts';
import type { DestinationId, SourceId } from '../domain/ids.ts';
import type { Mismatch } from '../domain/mismatch.ts';

/** Totals of an hour as rolled up. `version` grows with every put. */
export type HourRollup<T> = { totals: T; version: number };
/** Totals of a day, and of all time up to its end: those of the day before carried forward. */
export type DayRollup<T> = HourRollup<T> & { sofar: T };

/** Over what a roll-up is put: the version that was read before the rows were; 0 where there was none. `writeId` names the put. */
export type Over = { version: number; writeId: string };

/**
 * The roll-ups of one subject. A put overwrites, but only what was read: who has read older rows than another never has the last word. False
 * where something else stands there by now. Reads are strong.
 */
export type BookStore<T> = {
  /** From `from` to `to`, both included: those that there are. */
  hours(from: string, to: string): Promise<Map<string, HourRollup<T>>>;
  days(from: string, to: string): Promise<Map<string, DayRollup<T>>>;
  /** The newest day before this one that has been rolled up. */
  lastDayBefore(day: string): Promise<({ day: string } & DayRollup<T>) | undefined>;
  putHour(hour: string, totals: T, over: Over): Promise<boolean>;
  putDay(day: string, rollup: { totals: T; sofar: T }, over: Over): Promise<boolean>;
};

/** Totals of whole hours, days and replay runs. */
export type RollupStore = {
  source(id: SourceId): BookStore<SourceTotals>;
  destination(id: DestinationId): BookStore<DestinationTotals>;
  /** One book for the deployment: of some requests nobody knows the source. */
  unreadable(): BookStore<UnreadableTotals>;

  /** What the replay runs of a destination have delivered, by the run's number, as last counted. */
  recoveries(id: DestinationId): Promise<Map<number, Recovery>>;
  putRecovery(id: DestinationId, run: number, recovery: Recovery): Promise<void>;

  /** API calls of a source on a day (I01: each routed message is one). Of two puts the one from the newer roll-up of the day holds. */
  putUsageDay(usage: UsageDay, version: number): Promise<void>;
  usageDays(sourceId: SourceId, fromDay: string, toDay: string): Promise<UsageDay[]>;

  /** The present hour of the newest run that rolled up all that was to do. */
  getWatermark(): Promise<string | undefined>;
  /** Moves forward only: an overlapping slower run never takes it back. */
  advanceWatermark(hour: string): Promise<void>;

  /** Hours that got rows outside the time in which they are rolled up anyway, oldest first, at most `limit`. Strongly consistent. */
  lateHours(limit: number): Promise<LateHour[]>;
  /** Takes a mark away, unless another row has marked the hour anew since it was read. */
  clearLateHour(late: LateHour): Promise<void>;

  /** What the newest check of the books found. */
  getMismatches(): Promise<Mismatches | undefined>;
  putMismatches(found: Mismatches): Promise<void>;
};

/** `isFinal`: every send of the run has ended; it is not counted again. */
export type Recovery = { delivered: number; isFinal: boolean };
export type Mismatches = { checkedAt: string; found: Mismatch[] };

/** Whose books: a source's plans, a destination's ends, or the requests that nobody could read. */
export type LateSubject = { sourceId: SourceId } | { destinationId: DestinationId } | { unreadable: true };
/** `nonce` names the write that marked it last, `markedAt` says when that was. */
export type LateHour = { subject: LateSubject; hour: string; nonce: string; markedAt: string };

export type UsageDay = { sourceId: SourceId; day: string; calls: number; types: Record<string, number> };
