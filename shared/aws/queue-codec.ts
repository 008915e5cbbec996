import { gunzipSync, gzipSync } from 'node:zlib';
import { queueText } from '../domain/queue-text.ts';

const GZIP_MARK = 'gz:';
/**
 * SQS bills a call by started 64 KB. A call holds up to 10 messages: shorter ones than this share a chunk as they are, and of longer ones ten would
 * not. 20 events are 20 KB, so under load the archive's calls become one chunk in place of four.
 */
const GZIP_FROM_CHARS = 8_192;
/** The fastest level: events of one source are alike, and it makes a tenth of them as well. */
const LEVEL = 1;
/** What we pack is at most a message of LANE_MESSAGE_BYTES_MAX; whatever unpacks to more was not packed by us. */
const TEXT_BYTES_MAX = 2_000_000;

/** A message of ours as text for SQS: JSON that SQS takes, gzipped in base64 where it is long. */
export function encodeMessage(message: unknown): string {
  const json = queueText(JSON.stringify(message));
  if (json.length < GZIP_FROM_CHARS) return json;
  const packed = GZIP_MARK + gzipSync(json, { level: LEVEL }).toString('base64');
  return packed.length < json.length ? packed : json;
}

/** The inverse of encodeMessage, also of plain JSON. Throws SyntaxError or a zlib error for whatever is neither. */
export function decodeMessage(text: string): unknown {
  if (!text.startsWith(GZIP_MARK)) return JSON.parse(text);
  const packed = Buffer.from(text.slice(GZIP_MARK.length), 'base64');
  return JSON.parse(gunzipSync(packed, { maxOutputLength: TEXT_BYTES_MAX }).toString('utf8'));
}
