import { SAMPLE_BODY_BYTES_MAX } from '../config/limits.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { DeliverySample } from '../ports/delivery-stores.ts';
import type { Exchange } from './send-context.ts';

const MASK = '[redacted]';
/** A secret shorter than this would mask ordinary text. */
const SECRET_CHARS_MIN = 4;
/** Names that only secrets have, wherever they stand: header, query, JSON key, form field. */
const SECRET_NAME =
  /api[-_]?key|secret|token|passw(?:or)?d|authorization|(?<![a-z])auth(?![a-z])|credential|signature|cookie|(?:access|private|write|license)[-_]?key/i;
/** `"name": "value"`, also where the value is cut off; and the same within JSON that is a string in JSON. */
const JSON_MEMBER = /(\\?")([\w.-]{1,64})\1(\s*:\s*)(?:\\?"(?:[^"\\]|\\.)*(?:"|$)|[^\s",}\]]+)/g;
const FORM_MEMBER = /(^|[&?;])([\w.%[\]-]{1,64})=([^&\s#]*)/g;
/** Headers of one side that are kept, and the characters of each. */
const HEADERS_MAX = 50;
const HEADER_CHARS_MAX = 512;
const URL_CHARS_MAX = 2_048;

/** Takes secrets out of text: their values in every spelling that requests use, and whatever stands under a secret's name. */
export type Redactor = {
  text(text: string): string;
  json(value: JsonObject): JsonObject;
};

/** `secrets` are the opened values of the destination's secret settings. */
export function redactor(secrets: readonly string[]): Redactor {
  const spellings = [...new Set(secrets.filter((secret) => secret.length >= SECRET_CHARS_MIN).flatMap(spellingsOf))]
    // A longer spelling may hold a shorter one.
    .toSorted((a, b) => b.length - a.length);

  const values = (text: string): string => {
    let masked = text;
    for (const spelling of spellings) masked = masked.replaceAll(spelling, MASK);
    for (const spelling of spellings) masked = withoutBeginningAtEnd(masked, spelling);
    return masked;
  };
  const text = (from: string): string =>
    values(from)
      .replaceAll(JSON_MEMBER, (member, quote: string, name: string, colon: string) =>
        SECRET_NAME.test(name) ? `${quote}${name}${quote}${colon}${quote}${MASK}${quote}` : member,
      )
      .replaceAll(FORM_MEMBER, (member, before: string, name: string) =>
        SECRET_NAME.test(name) ? `${before}${name}=${MASK}` : member,
      );
  const jsonValue = (value: Json): Json => {
    if (typeof value === 'string') return values(value);
    if (Array.isArray(value)) return value.map(jsonValue);
    if (typeof value === 'object' && value !== null) return json(value);
    return value;
  };
  const json = (value: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [values(key), jsonValue(inner)]));
  return { text, json };
}

/**
 * As it is and as tools give it back: in URLs, forms, JSON (in JSON), HTML and hex, in small letters as header names have it, with its blanks
 * drawn together as our messages have them, and in base64, also behind a user name in Basic credentials.
 */
function spellingsOf(secret: string): string[] {
  const inUrl = encodeURIComponent(secret);
  const inForm = new URLSearchParams([['', secret]]).toString().slice(1);
  const inJson = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret);
  return [
    secret,
    secret.toLowerCase(),
    secret.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim(),
    inUrl,
    inForm,
    lowerEscapes(inUrl),
    lowerEscapes(inForm),
    encodeURI(secret.toWellFormed()),
    encodeURIComponent(inUrl),
    inJson,
    inJson.replaceAll('/', '\\/'),
    asciiJson(inJson),
    JSON.stringify(inJson).slice(1, -1),
    inHtml(secret),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64'),
    bytes.toString('base64').replaceAll('=', ''),
    bytes.toString('base64url'),
    ...withinBase64(bytes),
  ].filter(({ length }) => length >= SECRET_CHARS_MIN);
}

const lowerEscapes = (url: string): string => url.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());

const asciiJson = (json: string): string =>
  json.replaceAll(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const inHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => HTML[char] ?? char);

/** Shorter pieces of base64 would be found in ordinary text. */
const BASE64_PIECE_CHARS_MIN = 6;

/** The characters of base64 that a secret alone decides, for each of the three places in it where the secret may begin. */
const withinBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].flatMap((before) => {
    const [first, end] = [Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)];
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const pieces = [padded.toString('base64'), padded.toString('base64url')].map((text) => text.slice(first, end));
    return pieces.filter(({ length }) => length >= BASE64_PIECE_CHARS_MIN);
  });

/** A body that is cut off may end within a secret. */
function withoutBeginningAtEnd(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= SECRET_CHARS_MIN; length -= 1) {
    if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}${MASK}`;
  }
  return text;
}

type SampleRequest = DeliverySample['requests'][number];

/** An exchange as people may see it. */
export const redactedRequest = (exchange: Exchange, redact: Redactor): SampleRequest => ({
  method: exchange.method,
  url: redact.text(exchange.url).slice(0, URL_CHARS_MAX),
  headers: redactedHeaders(exchange.headers, redact),
  ...(exchange.body.length > 0 && { body: redact.text(bodyText(exchange.body)) }),
  ...(exchange.status !== undefined && { status: exchange.status }),
  ...(exchange.responseHeaders !== undefined && {
    responseHeaders: redactedHeaders(exchange.responseHeaders, redact),
  }),
  ...(exchange.responseBody !== undefined && { responseBody: redact.text(bodyText(exchange.responseBody)) }),
  ...(exchange.error !== undefined && { error: redact.text(exchange.error) }),
  ...(exchange.answeredBy !== undefined && { answeredBy: exchange.answeredBy }),
  tookMs: exchange.tookMs,
});

const bodyText = (body: Buffer): string => body.subarray(0, SAMPLE_BODY_BYTES_MAX).toString('utf8');

const redactedHeaders = (headers: Record<string, string>, redact: Redactor): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .slice(0, HEADERS_MAX)
      .map(([name, value]) => [
        redact.text(name).slice(0, HEADER_CHARS_MAX),
        SECRET_NAME.test(name) ? MASK : redact.text(value).slice(0, HEADER_CHARS_MAX),
      ]),
  );
