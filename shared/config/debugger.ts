/** Bounds of the debugger (features 3.1). What is kept of a source: 24 h or 20 MB, whichever is less, however many environments write. */
export const DEBUG_HOURS = 24;
export const DEBUG_BYTES_MAX = 20_000_000;
/**
 * Bytes may be written by a bucket: so many at once, and then at the rate that keeps any 25 hours (24, and leases of an hour before them) below
 * DEBUG_BYTES_MAX. A burst is some 2,500 events of 20 a request; the rate one or two events a second.
 */
export const DEBUG_BURST_BYTES = 512_000;
export const DEBUG_BYTES_PER_SECOND = (DEBUG_BYTES_MAX - DEBUG_BURST_BYTES) / (25 * 3_600);
/** The part of the burst that only samples of a reason may take: when a flood has taken all else, a new reason is seen all the same. */
export const DEBUG_RESERVE_BYTES = 128_000;
/** An item is billed by started KB, so no less is counted: 20 MB are then 20,000 write units a day at most. */
export const DEBUG_ITEM_BYTES_MIN = 1_024;
/** A lease lets one environment write so many bytes without asking again. One that is not used up within an hour ends. */
export const DEBUG_LEASE_BYTES = 32_768;
export const DEBUG_SMALL_LEASE_BYTES = 4_096;
export const DEBUG_LEASE_MS = 3_600_000;

/** Compressed bytes of one item, its text before that, and its events. */
export const DEBUG_ITEM_BYTES_MAX = 100_000;
export const DEBUG_ITEM_TEXT_MAX = 600_000;
export const DEBUG_ITEM_ENTRIES_MAX = 500;
/** Characters of an event as it came, and as it was made; of the sample of a reason. */
export const DEBUG_PAYLOAD_CHARS_MAX = 16_000;
export const DEBUG_REASON_PAYLOAD_CHARS_MAX = 4_000;

/** How long a source keeps every event once somebody has said so. */
export const KEEP_ALL_MINUTES = 15;

/** Events of one answer (F01). */
export const DEBUG_EVENTS_MAX = 500;
/** Compressed bytes that one request reads, and the text that they unpack to; the answer's cursor goes on from there. Usual events unpack to ten times as many. */
export const DEBUG_READ_BYTES_MAX = 3_000_000;
export const DEBUG_READ_CHARS_MAX = 30_000_000;
/** What compresses better than this is billed as if it did not: who pads events fills a source's bucket with them. */
export const DEBUG_CHARS_PER_BYTE_MAX = 20;
/** Items become readable up to so long after those with a later time: clocks differ, and writes take their time. Live reads look back so far. */
export const DEBUG_OVERLAP_MS = 4_000;
/** Payload characters of one answer: Lambda takes 6 MB. */
export const DEBUG_ANSWER_CHARS_MAX = 3_500_000;
/** What is only shown is worth a second's try (what somebody waits for three of these): messages wait for it before they are done. */
export const DEBUG_CALL_MS = 1_000;
