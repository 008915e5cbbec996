import type { DestinationId, SourceId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';

/** One payload that was not delivered, as kept 30 days: enough to send it again at the lane. */
export type DeadLetter = {
  v: 1;
  workspaceId: string;
  sourceId: string;
  destinationId: string;
  intakeId: string;
  slice: number;
  hop: number;
  /** Due time of that hop: with it the done row is found that vouches for this letter. Absent in letters of before retries: `receivedAt`. */
  dueAt?: string;
  /** The run that it failed in once more. */
  replay?: string;
  /** The X-Tributary-Hop that its request came with (loops). */
  through?: number;
  /** Send number in the part, mapping, attempts made. */
  send: number;
  mappingId: string;
  attempts: number;
  receivedAt: string;
  settledAt: string;
  outcome: 'discarded' | 'dead-lettered';
  code: string;
  message: string;
  event: JsonObject;
};

export type DeadLetterStore = {
  /** Writes letters of one destination as one object (NDJSON, gzip) and answers its key. The name derives from what it holds: written twice, it is one. */
  put(destinationId: DestinationId, letters: readonly DeadLetter[]): Promise<string>;
  /** Writes an intake message that nobody could read, as it lay on the queue, and answers its key. The name derives from what it holds. */
  putUnreadable(day: string, body: string): Promise<string>;
};

/** One exchange with a tool, redacted, bodies cut to SAMPLE_BODY_BYTES_MAX. */
export type DeliverySample = {
  destinationId: string;
  mappingId: string;
  messageId: string;
  at: string;
  /** `delivered`, or the code of the failure. */
  code: string;
  message?: string;
  event: JsonObject;
  requests: readonly {
    method: string;
    url: string;
    headers: Record<string, string>;
    body?: string;
    status?: number;
    responseHeaders?: Record<string, string>;
    responseBody?: string;
    error?: string;
    /** We answered in the tool's place, and nothing was sent. Absent: the tool was asked. */
    answeredBy?: 'dry-run' | 'rehearsal';
    tookMs: number;
  }[];
};

export type SampleStore = {
  /** Keeps at most SAMPLES_PER_CODE_AND_MINUTE_MAX for a destination, code and minute (1 for `delivered`); best effort, never throws for the caller's work. */
  put(samples: readonly DeliverySample[]): Promise<void>;
  list(destinationId: DestinationId, limit: number): Promise<DeliverySample[]>;
  /** Those of one code, newest first, between two moments; of so many reads of the store as SAMPLE_PAGES_MAX says. */
  ofCode(
    destinationId: DestinationId,
    code: string,
    range: { from: string; to: string },
    limit: number,
  ): Promise<DeliverySample[]>;
};

/** An event that ended for a reason before anything was sent, as it came. */
export type ReasonSample = { messageId: string; at: string; event: JsonObject };
export type ReasonSamples = {
  /** Newest first. With `destinationId`, those that it did not get for that reason; else those that ended at the source. Best effort: samples. */
  list(
    sourceId: SourceId,
    of: { reason: string; destinationId?: string | undefined },
    range: { from: string; to: string },
    limit: number,
  ): Promise<ReasonSample[]>;
};

/** The Inbox destination's events: the newest INBOX_EVENTS_MAX. */
export type InboxStore = {
  add(destinationId: DestinationId, batchId: string, events: readonly JsonObject[]): Promise<void>;
  list(destinationId: DestinationId): Promise<JsonObject[]>;
};
