import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { INTAKE_MESSAGE_BYTES_MAX } from '../config/limits.ts';
import { AppError } from '../domain/app-error.ts';
import { IntakeMessage, RefusalNotice } from '../domain/intake-message.ts';
import { queueText } from '../domain/queue-text.ts';

/** What lies on the intake queue: accepted requests, and now and then what was refused. */
export type IntakeEntry = { entry: 'request'; message: IntakeMessage } | { entry: 'refusals'; notice: RefusalNotice };

const GZIP_MARK = 'gz:';
/** A body of BATCH_BYTES_MAX doubles at most by escaping (3 bytes become 6); whatever unpacks to more was not made by ingest. */
const INTAKE_TEXT_BYTES_MAX = 2 * INTAKE_MESSAGE_BYTES_MAX;

/**
 * One accepted request as text for SQS: the envelope's JSON with the client's JSON embedded as it came, so that it is never serialised
 * again. `bodyText` must have parsed as JSON. Above INTAKE_MESSAGE_BYTES_MAX in UTF-8 the whole is gzipped, in base64.
 */
export function encodeIntake(head: Omit<IntakeMessage, 'body'>, bodyText: string): string {
  const text = queueText(`${JSON.stringify(head).slice(0, -1)},"body":${bodyText}}`);
  // A UTF-16 unit takes at most 3 bytes: nearly every message is seen to fit without counting.
  if (text.length * 3 <= INTAKE_MESSAGE_BYTES_MAX || Buffer.byteLength(text) <= INTAKE_MESSAGE_BYTES_MAX) return text;
  return GZIP_MARK + gzipSync(text).toString('base64');
}

export const encodeNotice = (notice: RefusalNotice): string => queueText(JSON.stringify(notice));

/** The head of a request is a few ids and times; whatever has no end of it within this was not made by ingest. */
const HEAD_CHARS_MAX = 2_000;
const Head = IntakeMessage.omit({ body: true });

/**
 * What a request says about itself, without a look at what the client sent: of a message that may kill who reads it. `undefined` for notices
 * and for whatever has no such head.
 */
export function decodeHead(text: string): z.infer<typeof Head> | undefined {
  try {
    const json = jsonOf(text).slice(0, HEAD_CHARS_MAX);
    const end = json.indexOf(',"body":');
    return end === -1 ? undefined : Head.safeParse(JSON.parse(`${json.slice(0, end)}}`)).data;
  } catch {
    return undefined;
  }
}

const Notice = z.object({ notice: z.literal('refusals') });

/** The inverse of encodeIntake and encodeNotice. Throws AppError('malformed-message'), not to be retried, for anything else. */
export function decodeIntake(text: string): IntakeEntry {
  const value = parsed(text);
  const schema = Notice.safeParse(value).success ? RefusalNotice : IntakeMessage;
  const found = schema.safeParse(value);
  if (!found.success) throw malformed(found.error);
  return 'notice' in found.data ? { entry: 'refusals', notice: found.data } : { entry: 'request', message: found.data };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(jsonOf(text));
  } catch (cause) {
    throw malformed(cause);
  }
}

/** The JSON text of a message. Throws where it was packed by somebody else. */
function jsonOf(text: string): string {
  if (!text.startsWith(GZIP_MARK)) return text;
  const packed = Buffer.from(text.slice(GZIP_MARK.length), 'base64');
  return gunzipSync(packed, { maxOutputLength: INTAKE_TEXT_BYTES_MAX }).toString('utf8');
}

const malformed = (cause: unknown): AppError =>
  new AppError('malformed-message', 'A message of the intake queue is neither a request nor a notice', {
    cause,
    retry: false,
  });
