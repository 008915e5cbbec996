import type { JsonChange } from './json-diff.ts';
import type { JsonObject } from './json.ts';
import type { TargetStage } from './target-verdict.ts';

/** Where a test event stands on its way, in order; `source-schema` is judged once, for the source. */
export type TestStageName = 'validate' | 'suppression' | TargetStage | 'mappings';

export type TestStage = {
  stage: TestStageName;
  /** `SKIPPED`: this test does not ask it. `NOT_REACHED`: an earlier one has stopped the event. */
  verdict: 'PASSED' | 'STOPPED' | 'SKIPPED' | 'NOT_REACHED';
  /** A reason of the books, where it was stopped. */
  reason: string | null;
  /** What it made other of the event. */
  changes: JsonChange[];
};

export type TestExchange = {
  method: string;
  url: string;
  requestHeaders: Record<string, string>;
  requestBody: string;
  status: number | null;
  responseHeaders: Record<string, string>;
  responseBody: string;
  latencyMs: number;
  error: string | null;
  /** `TOOL`: the request went out. */
  answeredBy: 'TOOL' | 'DRY_RUN' | 'REHEARSAL';
};

export type MappingTry = {
  subscriptionId: string;
  name: string;
  enabled: boolean;
  matched: boolean;
  /** Why it was not tried. */
  reason: string | null;
  /** `WOULD_SEND`: of a dry run, which knows nothing of what the tool would say. */
  outcome: 'DELIVERED' | 'WOULD_SEND' | 'DISCARDED' | 'FAILED' | 'FILTERED' | 'NOT_TRIED';
  code: string | null;
  message: string | null;
  /** What the mapping makes of the event; dots for secrets that stand fixed in it. */
  mapped: JsonObject | null;
  /** From the event that the mapping sees to what it makes of it. */
  changes: JsonChange[];
  exchanges: TestExchange[];
  /** The answer was too long for what was asked and said here. */
  isShortened: boolean;
};

/** What a destination made of one event, or would make. */
export type TestResult = {
  dryRun: boolean;
  stages: TestStage[];
  /** The reason for which no mapping was asked. */
  filtered: string | null;
  /** What the mappings see of the event. */
  event: JsonObject | null;
  matched: number;
  mappings: number;
  /** API calls that were made, or would be. */
  requests: number;
  subscriptions: MappingTry[];
  /** Settings for which something made up stood, in a dry run. */
  placeholders: string[];
  /** Sentences that a person should read with the rest. */
  notes: string[];
};
