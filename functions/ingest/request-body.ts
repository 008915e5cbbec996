import { gunzipSync } from 'node:zlib';
import type { RefusalReason } from '../../shared/domain/outcomes.ts';
import { formJson } from './form-text.ts';

/** A body as the gateway hands it over, or the query of a pixel. */
export type RawBody = {
  text: string | undefined;
  isBase64: boolean;
  contentEncoding: string | undefined;
  /** What it calls itself; what it is, its first character says. */
  isForm: boolean;
};

type Refused = {
  outcome: 'refused';
  reason: Extract<RefusalReason, 'too-large' | 'too-deep' | 'bad-encoding' | 'invalid-json'>;
};
export type BodyText = { outcome: 'text'; text: string } | Refused;

const FORM_TYPE = /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i;

export const isFormType = (contentType: string | undefined): boolean => FORM_TYPE.test(contentType ?? '');

const utf8 = new TextDecoder('utf-8', { fatal: true });
const BYTE_ORDER_MARK = 0xfeff;

/** A body's JSON, of at most `bytesMax` bytes: of a form, what it stands for; of anything else its text, which need not be JSON. */
export function bodyJson(body: RawBody, bytesMax: number): BodyText {
  const found = bodyText(body, bytesMax);
  if (found.outcome === 'refused' || !body.isForm || /^\s*[{[]/.test(found.text)) return found;
  const read = formJson(found.text);
  if (read.outcome === 'too-deep') return refused('too-deep');
  // Quotes and nesting may double it.
  return Buffer.byteLength(read.text) > bytesMax ? refused('too-large') : { outcome: 'text', text: read.text };
}

/**
 * The body's text, of at most `bytesMax` bytes after decompression, whatever its content type says (sdk-wire: browsers say text/plain, one
 * SDK says form data). gzip is the one coding (T13); its output stops at the bound. Bytes that are not UTF-8 are not JSON (T14).
 */
export function bodyText(body: Omit<RawBody, 'isForm'>, bytesMax: number): BodyText {
  if (body.text === undefined) return refused('invalid-json');
  const coding = body.contentEncoding?.trim().toLowerCase() ?? '';
  if (coding === 'gzip' || coding === 'x-gzip') return unzipped(bytesOf(body.text, body.isBase64), bytesMax);
  if (coding !== '' && coding !== 'identity') return refused('bad-encoding');
  if (body.isBase64) return decoded(Buffer.from(body.text, 'base64'), bytesMax);
  // UTF-8 has at least one byte and at most three for each UTF-16 unit: most texts need no counting.
  if (body.text.length > bytesMax) return refused('too-large');
  if (body.text.length * 3 > bytesMax && Buffer.byteLength(body.text) > bytesMax) return refused('too-large');
  return { outcome: 'text', text: body.text.charCodeAt(0) === BYTE_ORDER_MARK ? body.text.slice(1) : body.text };
}

const refused = (reason: Refused['reason']): Refused => ({ outcome: 'refused', reason });

const bytesOf = (text: string, isBase64: boolean): Buffer => Buffer.from(text, isBase64 ? 'base64' : 'latin1');

function unzipped(bytes: Buffer, bytesMax: number): BodyText {
  try {
    return decoded(gunzipSync(bytes, { maxOutputLength: bytesMax }), bytesMax);
  } catch (error) {
    return refused(isTooLarge(error) ? 'too-large' : 'invalid-json');
  }
}

const isTooLarge = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

function decoded(bytes: Buffer, bytesMax: number): BodyText {
  if (bytes.length > bytesMax) return refused('too-large');
  try {
    return { outcome: 'text', text: utf8.decode(bytes) };
  } catch {
    return refused('invalid-json');
  }
}
