/** Leading parts of keys in the usage table that functions which anybody may call write; their roles allow these and no others. */

/** The limits of sources, and of OAuth apps. */
export const RATE_KEY_PREFIX = 'RATE#';
/** Access tokens, by the SHA-256 of their text. */
export const TOKEN_KEY_PREFIX = 'OTOK#';
/** Assertions that were exchanged for a token. */
export const ASSERTION_KEY_PREFIX = 'JTI#';

/** In the samples table, the two kinds of items that route writes: the last request of a webhook source, and what the debugger keeps. */
export const HOOK_SAMPLE_KEY_PREFIX = 'H#';
/** Sums of minutes and hours, and where the run that makes them stands: all that check-alerts may write in the ledger table. */
export const DIGEST_MINUTES_PREFIX = 'DM#';
export const DIGEST_HOURS_PREFIX = 'DH#';
export const MINUTE_STATE_KEY = 'MINUTES';
export const DEBUG_KEY_PREFIX = 'E#';

/** In the control table, the items that the function `replay` writes: orders by workspace, and which of them are open. */
export const REPLAY_ORDER_PREFIX = 'RPL#';
export const OPEN_REPLAYS_PK = 'RPLS';
