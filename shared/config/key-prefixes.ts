/** The leading part of the keys of sources' limits in the usage table: ingest may change no others there, its role says. */
export const RATE_KEY_PREFIX = 'RATE#';
