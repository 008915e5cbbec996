import { isJsonObject, type Json } from '../domain/json.ts';
import type { SendOutcome } from '../domain/outcomes.ts';

/** Longest code and message of an outcome; the books allow no more. */
const CODE_CHARS_MAX = 64;
const MESSAGE_CHARS_MAX = 256;
/** A tool's own words are looked for in answers up to this size. */
const ANSWER_CHARS_MAX = 16_384;
/** Beyond this a Retry-After is as good as none. */
const RETRY_AFTER_MS_MAX = 366 * 86_400_000;
/** Answers that are worth another try, beside 5xx (G05, G07). 501 means that it never will be. */
const RETRY_STATUSES: ReadonlySet<number> = new Set([408, 423, 429]);
const NEVER_STATUS = 501;

/** What errors of the library, of its destinations and of our client have in common, by shape: their classes may come from another copy. */
type SendError = {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  status?: unknown;
  response?: {
    status?: unknown;
    statusText?: unknown;
    content?: unknown;
    headers?: { get?: (name: string) => unknown };
  };
};

/**
 * What an error of a send means for the books. Retried: 408, 423, 429, 5xx but 501, and whatever has no status because the network failed.
 * Discarded for good: every other status, payloads that do not fit the action (MESSAGE_REJECTED), settings and mappings that cannot
 * work (INVALID_SETTINGS), and errors in a destination's code (INTERNAL).
 */
export function outcomeOfError(thrown: unknown, now: Date): SendOutcome {
  const error: SendError = typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) };
  const message = textOf(error.message) ?? 'No message';
  const status = error.response?.status;
  if (typeof status === 'number') {
    const words = tellingText(error.response?.content) ?? textOf(error.response?.statusText) ?? message;
    return outcomeOfStatus(status, words, retryAfterMs(error.response?.headers?.get?.('retry-after'), now));
  }
  const code = textOf(error.code);
  if (error.name === 'TargetRefusedError') return discarded('INVALID_SETTINGS', message);
  // A destination of ours says that this one is not to be sent, or that the tool refused it in a 200.
  if (error.name === 'DiscardError') return discarded(code ?? 'MESSAGE_REJECTED', message);
  // The library parses URLs before it asks our client for them.
  if (code === 'ERR_INVALID_URL') return discarded('INVALID_SETTINGS', 'The target is refused: it is not a URL');
  // One that holds several errors and no status comes from reading the mapping.
  if (error.name === 'AggregateAjvError' || code === 'PAYLOAD_VALIDATION_FAILED')
    return discarded('MESSAGE_REJECTED', message);
  if (error.name === 'AggregateError') return discarded('INVALID_SETTINGS', message);
  if (code === 'RETRYABLE_ERROR') return retry('RETRY', message);
  if (code === 'REQUESTTIMEOUTERROR' || code === 'REQUESTCLIENTERROR') return retry('ETIMEDOUT', message);
  if (typeof error.status === 'number') return outcomeOfStatus(error.status, message);
  // The system's codes: ECONNREFUSED, ENOTFOUND, EAI_AGAIN, CERT_HAS_EXPIRED, HPE_INVALID_CONSTANT, ERR_SSL_...
  if (code !== undefined && /^[A-Z][A-Z0-9_]+$/.test(code)) {
    return code.startsWith('ERR_INVALID') ? discarded('INTERNAL', message) : retry(code, message);
  }
  return discarded('INTERNAL', message);
}

/** What a status means, be it of an answer or of one item in it. */
export function outcomeOfStatus(status: number, message: string, retryAfterMs?: number): SendOutcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  if (RETRY_STATUSES.has(status) || (status >= 500 && status !== NEVER_STATUS)) {
    return retry(String(status), message, retryAfterMs);
  }
  return discarded(String(status), message);
}

export const discarded = (code: string, message: string): SendOutcome => ({
  outcome: 'discarded',
  code: code.slice(0, CODE_CHARS_MAX),
  message: shortText(message),
});

export const retry = (code: string, message: string, retryAfterMs?: number): SendOutcome => ({
  outcome: 'retry',
  code: code.slice(0, CODE_CHARS_MAX),
  message: shortText(message),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

const shortText = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MESSAGE_CHARS_MAX);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Retry-After as seconds or as an HTTP date (RFC 9110, 10.2.3), in ms from now. Anything else is no wish. */
export function retryAfterMs(header: unknown, now: Date): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * 1_000, RETRY_AFTER_MS_MAX);
  const ms = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) - now.getTime() : Number.NaN;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX) : undefined;
}

/** Where tools put the sentence that a person needs. */
const TELLING_KEYS = ['message', 'error', 'errors', 'error_message', 'reason', 'detail', 'description', 'meta'];
/** Nesting of an answer that is searched for it. */
const TELLING_DEPTH_MAX = 4;

function tellingText(content: unknown): string | undefined {
  if (typeof content !== 'string' || content === '' || content.length > ANSWER_CHARS_MAX) return undefined;
  try {
    return tellingValue(JSON.parse(content) as Json, 0);
  } catch {
    // Not JSON. A page of HTML tells nobody anything; a line of text may.
    return content.includes('<') ? undefined : content;
  }
}

function tellingValue(value: Json, depth: number): string | undefined {
  if (typeof value === 'string') return textOf(value);
  if (depth === TELLING_DEPTH_MAX) return undefined;
  if (Array.isArray(value)) return value[0] === undefined ? undefined : tellingValue(value[0], depth + 1);
  if (!isJsonObject(value)) return undefined;
  for (const key of TELLING_KEYS) {
    const found = Object.hasOwn(value, key) ? tellingValue(value[key] ?? null, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
