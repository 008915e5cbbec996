import { HOURS_REOPENED } from '../books/standing.ts';

/**
 * What the price of a run, or of a month, rests on beyond what was counted. The bench prints how many dollars hang on each; docs/cost.md says why each is
 * as it is. "perf-cost" names the project's own study of prices and latencies of 2026-11.
 */

/** A tool's answer takes so long (perf-cost 3: the study's own figure; 500 ms instead adds 13 % to a packed design). */
export const TOOL_MS = 150;
/** One call of SQS or DynamoDB from a function in the same Region: both promise single-digit to low tens of ms (SQS and DynamoDB FAQs). */
export const AWS_CALL_MS = 8;
/** Lambda bills what its own runtime takes around a handler; the smallest durations that people report are 1 to 2 ms. */
export const INVOCATION_MS = 2;
/** Invocations that begin with a cold start, and what its INIT takes (billed since 2025-08): perf-cost 3, measured publicly at 150 to 300 ms. */
export const COLD_SHARE = 0.005;
export const COLD_MS = 250;
/** Memory of Lambda that comes with one whole vCPU, in MB (Lambda Developer Guide). */
export const VCPU_MB = 1_769;

/** Headers that API Gateway and HTTP/2 add to an answer, beside the body that was counted. */
export const ANSWER_HEADER_BYTES = 250;
/** TLS 1.3 on what goes out: two records of 22 bytes a request, and 700 bytes of a handshake shared by the 50 requests of a socket. */
export const TLS_BYTES_A_REQUEST = 58;

/** What DynamoDB stores for an item beside its attributes (Developer Guide, "Estimating item sizes": 100 bytes). */
export const ITEM_OVERHEAD_BYTES = 100;
/** Expired items are deleted "within a few days" (Developer Guide, TTL), and paid for till then. */
export const TTL_LATE_DAYS = 2;
export const DAYS_A_MONTH = 30;
/** CloudWatch Logs bills 26 bytes for an event beside its text (PutLogEvents). Log groups keep 30 days. */
export const LOG_EVENT_BYTES = 26;

/** The archive queue's batch ends at Lambda's 6 MB or after its window of 300 s, whichever is first; so many pollers each fill a batch. */
export const ARCHIVE_BATCH_BYTES = 6_000_000;
export const ARCHIVE_WINDOW_SECONDS = 300;
export const ARCHIVE_POLLERS = 5;
/** How well NDJSON of events compresses (perf-cost 5: a batch of 100 at x10). */
export const ARCHIVE_GZIP = 10;
/** Hourly runs read the rows of an hour for its totals until it counts as settled, and all but the first time for the check of the books. */
export const AGGREGATOR_READS = 2 * HOURS_REOPENED - 1;

/** An event source mapping with a maximum concurrency keeps so many pollers, each asking an empty queue every 20 s (perf-cost 1 and 3). */
export const IDLE_POLLERS = 5;
export const LONG_POLL_SECONDS = 20;
/**
 * Each environment of deliver keeps one sample a minute of each destination that takes events, whatever their number: a short run would show
 * too many. So many environments work on a trickle, and on a backlog of so many requests, which is through in about a minute.
 */
export const TRICKLE_ENVIRONMENTS = 2;
export const BACKLOG_ENVIRONMENTS = 20;
export const BACKLOG_REQUESTS_A_MINUTE = 10_000;
/** Write units of a sample: an event of 1 KB with its request. */
export const SAMPLE_UNITS = 3;

/** How long the archive is kept unless a deployment says otherwise (infra/settings.ts). */
export const ARCHIVE_DAYS = 365;

const CALLS = { ingest: 1, route: 3, deliver: 1, archive: 1 } as const;
/**
 * Calls to AWS that an invocation makes one after the other, as the bench measured them on a quiet machine, in whole calls. A busy machine's figure
 * wanders by half a call. Claims by device are a read and a write, those by event a write.
 */
export const CALLS_IN_SEQUENCE = { device: { ...CALLS, route: 4 }, event: CALLS } as const;
/** CPU of each function for an event in microseconds, as the bench measured it (deliver: 3 sends), so that no machine moves the dollars. */
export const CPU_US = { ingest: 60, route: 220, deliver: 2_000, archive: 40 } as const;
/** Sends of an event when the above was measured. */
export const CPU_SENDS = 3;

// What follows stands for counts that nobody keeps for each source: the bench's runs say whether it does (test/slow/cost.test.ts).
/**
 * An event source mapping's five pollers ask again after what they got was worked on, some 50 ms: so many ms of messages come with a receive, at least
 * one and at most ten.
 */
export const RECEIVE_GATHERS_MS = 50;
export const RECEIVE_MESSAGES_MAX = 10;
/** Deliver takes messages of several lanes at once, and full ones of one lane two or three together. */
export const LANE_MESSAGES_A_RECEIVE = 1.25;
export const LANE_MESSAGES_AN_INVOCATION_MAX = 3;
/** Head of a request to a tool, beside the body that is counted. */
export const REQUEST_HEAD_BYTES = 230;
/** A plan row without destinations, what a destination adds, and an event with one; a done row. Bytes. */
export const PLAN_ROW_BYTES = 420;
export const PLAN_ROW_DESTINATION_BYTES = 110;
export const PLAN_ROW_EVENT_BYTES = 8;
export const DONE_ROW_BYTES = 520;
/** The ledger of a device (40 events on average) and a claim of one event, as stored. */
export const DEVICE_ITEM_BYTES = 700;
export const CLAIM_BYTES = 150;
/** Rows and claims live so long: LEDGER_ROW_DAYS, and the window of a day with SEEN_TTL_AFTER_WINDOW_DAYS. */
export const ROW_DAYS = 15;
export const CLAIM_DAYS = 16;
