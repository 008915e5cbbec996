/** Bounds that the parts share. Each names its source; what one file alone needs lives there. */

/** HTTP tracking API: one event, 32 KB (E05). */
export const EVENT_BYTES_MAX = 32_768;
/** HTTP tracking API: one batch request, 500 KB (E06). */
export const BATCH_BYTES_MAX = 512_000;
/** HTTP tracking API: events in a batch (E06); more are answered 200 and refused. */
export const BATCH_EVENTS_MAX = 2_500;
/** messageId of 100 characters or more is not accepted (E17). */
export const MESSAGE_ID_CHARS_MAX = 99;
/** Nesting of JSON that we parse (threat T12). */
export const JSON_DEPTH_MAX = 100;
/**
 * Properties of an event (E20). A property takes five bytes at least (`"":0,`), so what is within EVENT_BYTES_MAX holds 6,553 at most: nothing is
 * ever dropped for their number. Whoever raises that bound beyond five times this one has to drop the surplus.
 */
export const EVENT_PROPERTIES_MAX = 10_000;
/** Keys of one request, counted before it is parsed (T12): those of real events take 20 bytes and more, of which a batch holds 25,600. */
export const REQUEST_KEYS_MAX = 50_000;
/**
 * Bytes that the events of one batch may have together once its own context and integrations are in each of them (E13): eight times what it may
 * weigh itself. Without a bound 500 KB could become 80 MB.
 */
export const MERGED_BATCH_BYTES_MAX = 8 * BATCH_BYTES_MAX;
/** SQS takes 1 MiB since August 2025; packing stays below it after UTF-8 encoding. */
export const LANE_MESSAGE_BYTES_MAX = 900_000;
export const INTAKE_MESSAGE_BYTES_MAX = 1_000_000;
/** Sends in one part, and its bytes (design 2). */
export const PART_SENDS_MAX = 200;
export const PART_BYTES_MAX = 600_000;
/** Ledger partitions: subject, minute, one of 8 shards (a DynamoDB partition takes 1,000 writes/s). */
export const LEDGER_SHARDS = 8;
/** Sends in flight in one deliver invocation (design 1), and for one destination on the shared lane. */
export const SENDS_IN_FLIGHT_MAX = 50;
export const SHARED_LANE_SENDS_IN_FLIGHT_MAX = 20;
/** On the shared lane a send waits this long for its turn at most; then it settles as not tried (design 1). */
export const SHARED_LANE_WAIT_MS = 5_000;
/** SQS: the longest DelaySeconds of a message. Longer waits are chained. */
export const LANE_DELAY_SECONDS_MAX = 900;
/** Hops and chained waits of a part together (13 days of 15 minutes are 1,248); beyond it: dead-lettered(`hop_cap`). */
export const HOPS_MAX = 1_400;
/** Lanes of their own that a deployment may have: their names lie in the functions' environment, which holds 4 KB. */
export const LANES_MAX = 40;
/** A message whose work ended with an error of ours comes again after this, doubled each time, up to the queue's visibility timeout. */
export const FAILED_AGAIN_SECONDS = 5;
export const FAILED_AGAIN_SECONDS_MAX = 180;
/**
 * Receives that began and never ended, after which a message is put away as `crash_loop`. Long before, it is worked on alone. Not 3: a machine
 * that is killed every few seconds looks alike to whoever was at work, and with ten kills in two minutes messages met three of them.
 */
export const RECEIVES_BEFORE_CRASH_LOOP = 6;
/** Receives in which a request that has a plan is routed with others: that it has one says that it can be read. */
export const RECEIVES_WITH_PLAN_MAX = 3;
/** A check of credentials, which somebody waits for: the API has 15 s, deliver may start cold. */
export const CHECK_TIMEOUT_MS = 8_000;
/** A send's own total deadline; parts are not begun 12 s before the invocation's (design 2). */
export const SEND_TIMEOUT_MS = 10_000;
export const LAST_START_BEFORE_DEADLINE_MS = 12_000;
/** route's Lambda timeout and how long a plan row keeps others away (timeout + 5 s). */
export const ROUTE_TIMEOUT_MS = 30_000;
export const PLAN_HOLD_MS = ROUTE_TIMEOUT_MS + 5_000;
/** notify's Lambda timeout, which is also how long one run may keep a workspace's forwarding to itself. */
export const NOTIFY_TIMEOUT_MS = 60_000;
/** send-alerts' Lambda timeout: requests of 5 s each, to many at once. */
export const SEND_ALERTS_TIMEOUT_MS = 60_000;
/** Above this X-Tributary-Hop ingest refuses with reason `loop`. */
export const HOPS_THROUGH_US_MAX = 3;
/** Rows of the ledger live 15 days, roll-ups by hour 90, by day for ever. */
export const LEDGER_ROW_DAYS = 15;
export const LEDGER_HOUR_DAYS = 90;
/** Undelivered payloads are kept so long unless the deployment says otherwise (design 2). */
export const DEAD_LETTER_DAYS = 30;
/** seen rows: TTL this long after the window ends. */
export const SEEN_TTL_AFTER_WINDOW_DAYS = 15;
/** Samples by destination, code and minute. */
export const SAMPLES_PER_CODE_AND_MINUTE_MAX = 10;
export const SAMPLE_DAYS = 7;
/** Pages of 1 MB that one look for samples of a code reads at most: 10 MB cost 1,280 read units, $0.0002. */
export const SAMPLE_PAGES_MAX = 10;
/** A stored request or response body. */
export const SAMPLE_BODY_BYTES_MAX = 4_096;
/** Events that an Inbox keeps. */
export const INBOX_EVENTS_MAX = 200;
/** How long route, deliver and ingest go on with configuration that they have read. */
export const CONFIG_CHECK_MS = 4_000;
/** How far the clocks of two machines of AWS may lie apart, generously (Amazon Time Sync keeps them within ms). */
export const CLOCK_SKEW_MS = 2_000;
/** A stored touch serves the rows that an environment puts in this time; then it is stored anew. */
export const TOUCH_SERVES_MS = 60_000;
/**
 * Whole minutes after that of a touch, at whose beginnings its rows are summed. The last one is beyond everything that the touch may serve:
 * TOUCH_SERVES_MS and the longest run of a function that puts rows (60 s) after the end of its minute.
 */
export const SUMMED_AFTER_MINUTES = [1, 2, 4] as const;
/** Sums of minutes and touches are kept 48 h, sums of hours 15 days, as the rows that they are of. */
export const DIGEST_MINUTE_HOURS = 48;
export const DIGEST_HOUR_DAYS = 15;
/** check-alerts' Lambda timeout. Its lease is longer by 5 s, and both end before the next run begins. */
export const CHECK_TIMEOUT_SECONDS = 50;
