import type { DestinationTotals, SourceTotals } from '../domain/books.ts';
import type { DestinationId, SourceId } from '../domain/ids.ts';

/** Totals of whole hours and days. Every put overwrites: a roll-up made twice is the same roll-up. */
export type RollupStore = {
  putSourceHour(sourceId: SourceId, hour: string, totals: SourceTotals): Promise<void>;
  putDestinationHour(destinationId: DestinationId, hour: string, totals: DestinationTotals): Promise<void>;
  /** Hours from `fromHour` to `toHour`, both included, that have been rolled up. */
  sourceHours(sourceId: SourceId, fromHour: string, toHour: string): Promise<Map<string, SourceTotals>>;
  destinationHours(
    destinationId: DestinationId,
    fromHour: string,
    toHour: string,
  ): Promise<Map<string, DestinationTotals>>;

  /** API calls of a source on a day (I01: each routed message is one). */
  putUsageDay(usage: UsageDay): Promise<void>;
  usageDays(sourceId: SourceId, fromDay: string, toDay: string): Promise<UsageDay[]>;

  /** The first hour that has not been rolled up for good. */
  getWatermark(): Promise<string | undefined>;
  /** Moves forward only: an overlapping slower run never takes it back. */
  advanceWatermark(hour: string): Promise<void>;

  /** Hours that got rows after they may have been rolled up, oldest first, at most `limit`. Strongly consistent. */
  lateHours(limit: number): Promise<LateHour[]>;
  /** Takes a mark away, unless another row has marked the hour anew since it was read. */
  clearLateHour(late: LateHour): Promise<void>;
};

/** Whose books: a source's plans or a destination's ends. */
export type LateSubject = { sourceId: SourceId } | { destinationId: DestinationId };
/** `nonce` names the write that marked it last, `markedAt` says when that was. */
export type LateHour = { subject: LateSubject; hour: string; nonce: string; markedAt: string };

export type UsageDay = { sourceId: SourceId; day: string; calls: number; types: Record<string, number> };
