import type { IntakeId, SourceId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import type { PlanRow } from '../domain/ledger-rows.ts';
import type { DeliverySample } from './delivery-stores.ts';

/** Where an event came in: names its plan row. */
export type Origin = { sourceId: SourceId; intakeId: IntakeId; receivedAt: string };

/** Who claimed a messageId: exact, as long as claims live. Reads only. */
export type ClaimFinder = {
  /** By the claims of the messageId itself, of each of these sources; two reads of 100 keys for 200 sources. */
  byEvent(sourceIds: readonly SourceId[], messageId: string): Promise<Origin[]>;
  /** By the ledger of a device of a source (`deviceOf`). */
  byDevice(sourceId: SourceId, device: string, messageId: string): Promise<Origin | undefined>;
};

export type PlanFinder = {
  /**
   * Plan rows of a source, from one minute to another of the same hour (both included), newest minute first within each page; those whose ids may hold
   * the hash. `rows`: how many were looked at; `isWhole`: all of the range.
   */
  byHash(
    sourceId: SourceId,
    minutes: { from: string; to: string },
    hash: number,
    rowsMax: number,
  ): Promise<{ found: PlanRow[]; rows: number; isWhole: boolean }>;
};

/** Samples of a destination between two minutes, both included; 200 at most. */
export type SampleFinder = {
  between(destinationId: string, fromMinute: string, toMinute: string): Promise<DeliverySample[]>;
};

export type ArchiveFinder = {
  /** An event of the archive by its messageId, among the objects of its hour that were written when it may have been; `undefined`: in none that was read. */
  find(sourceId: SourceId, receivedAt: string, messageId: string): Promise<JsonObject | undefined>;
};

export type LetterFinder = {
  /** What was kept of a send that was not delivered; `undefined`: the object has expired, or holds too many others. */
  find(key: string, send: { intakeId: string; slice: number; send: number }): Promise<JsonObject | undefined>;
};
