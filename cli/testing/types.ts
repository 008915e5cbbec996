/**
 * What an event must have at least, field by field as the spec names them (`type`, `event`, `userId`, `properties` …). Objects are compared field by field,
 * lists entry by entry, texts also by a RegExp, anything by a function or by one of jest's asymmetric matchers.
 */
export type EventPattern = Readonly<Record<string, unknown>>;

/** An event that has come in, as the debugger shows it. */
export type SeenEvent = {
  messageId: string | null;
  type: string | null;
  /** Of a track its event, of a page or screen its name. */
  name: string | null;
  receivedAt: string;
  verdict: 'ALLOWED' | 'BLOCKED' | 'INVALID' | 'DUPLICATE';
  reason: string | null;
  violations: readonly { field: string; message: string }[];
  /** As every later stage sees it; where it is none, as it was sent. */
  event: unknown;
  /** Of the request that it came in. */
  intakeId: string;
  index: number;
};

export type Within = {
  /** In milliseconds. */
  within?: number;
};

/** Where the local edition is, as `npm start` leaves it in `.tributary/endpoints.json`. */
export type Endpoints = {
  trackingUrl: string;
  cdnUrl: string | null;
  apiUrl: string;
  sinkUrl: string | null;
  apiToken: string;
};

export type StartOptions = {
  /** The clone of Tributary; otherwise TRIBUTARY_HOME, otherwise the clone that this package lies in. */
  home?: string;
  /** A seed file (docs/seed-file.md); otherwise an empty workspace. */
  seed?: string;
  /** Where state is kept; otherwise a new folder that `stop` removes. */
  directory?: string;
  /** Takes a local edition that runs already, where there is one, and leaves it running. */
  join?: boolean;
};
export type Started = {
  endpoints: Endpoints;
  /** Ends what was started. */
  stop: () => Promise<void>;
};

export type TrackingOptions = {
  /** The local edition; otherwise TRIBUTARY_ENDPOINTS, otherwise the nearest `.tributary/endpoints.json` above the working directory. */
  endpoints?: Endpoints | string;
  /** Slug of a source that exists. Otherwise a new one, of this tracking alone: tests that run side by side do not see one another's events. */
  source?: string;
  /** With a new source: a destination "Sink" that gets all its events. */
  sink?: boolean;
};

/** The events of one source. */
export type Tracking = {
  sourceId: string;
  /** For the client library under test. */
  writeKey: string;
  /** Where server libraries send to. */
  trackingUrl: string;
  /** Where Analytics.js is loaded from, and what it asks for its settings. */
  cdnUrl: string | null;
  /** Answers the first event that fits, and fails with the nearest one where none comes (4 s, or `within`). */
  expectEvent: (pattern: EventPattern, options?: Within) => Promise<SeenEvent>;
  /** Fails as soon as an event fits; otherwise waits for 2 s, or `within`. */
  expectNoEvent: (pattern: EventPattern, options?: Within) => Promise<void>;
  /** The event comes, and all that the destination (its name or id) gets of it is delivered (10 s, or `within`). */
  expectDelivered: (destination: string, pattern: EventPattern, options?: Within) => Promise<SeenEvent>;
  /** What has come so far. */
  events: () => Promise<readonly SeenEvent[]>;
  /** Forgets what has come, as between two tests. */
  clear: () => Promise<void>;
  /** Removes the source, where it was made for this tracking. */
  close: () => Promise<void>;
};
