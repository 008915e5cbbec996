import type { Json, JsonObject } from '../../../shared/domain/json.ts';
import type { Answer } from '../tool-server.ts';

/** What the sweep must know of a destination that its fields do not say. */
export type SweepHint = {
  settings?: JsonObject;
  /** Values of fields that their type, format, choices and name do not lead to. */
  values?: Readonly<Record<string, Json>>;
  byAction?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Parts of the mapping as they stand. */
  fields?: Readonly<Record<string, Json>>;
  event?: (event: JsonObject) => JsonObject;
  /** What the tool answers, beside a token. */
  json?: JsonObject;
  answer?: Answer;
};

export const SWEEP_HINTS: Readonly<Record<string, SweepHint>> = {};
