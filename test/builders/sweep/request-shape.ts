import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject, type Json } from '../../../shared/domain/json.ts';

export type SeenRequest = { method: string; url: string; headers: IncomingHttpHeaders; body: string };

/** A file name may hold the time at which it was written. */
const CLOCK_TIME = /\d{4}_\d\d_\d\dT\w+Z/;
const XML_ELEMENT = /<([A-Za-z][\w:.-]*)/g;
/** Keys of a body are listed to this depth. */
const KEYS_DEEP_MAX = 2;
/** A value of a setting shorter than this may stand anywhere by chance. */
const CREDENTIAL_CHARS_MIN = 5;

/**
 * One request as a line: method, host and path; where each credential stands; the keys of the query and of the body. Values are left out, so that
 * the line is the same for every event of its kind.
 */
export function shapeOf(request: SeenRequest, credentials: Readonly<Record<string, string>>): string {
  const url = new URL(request.url, `https://${request.headers.host ?? ''}`);
  const body = readBody(request);
  const path = Object.entries(credentials).reduce(
    (text, [key, value]) => (value.length >= CREDENTIAL_CHARS_MIN ? text.replaceAll(value, `<${key}>`) : text),
    decodeURIComponent(url.pathname).replace(CLOCK_TIME, '<time>'),
  );
  const parts = [
    `${request.method} ${url.host}${path}`,
    ...Object.entries(credentials).flatMap(([key, value]) => placesOf(key, value, request, url, body)),
    ...(url.search === '' ? [] : [`query: ${[...new Set(url.searchParams.keys())].toSorted().join(' ')}`]),
    ...(body === undefined ? [] : [`${body.form}: ${[...new Set(keysOf(body.value, ''))].toSorted().join(' ')}`]),
  ];
  return parts.join(' | ');
}

type Body = { form: 'json' | 'form' | 'text'; value: Json };

export function readBody({ headers, body }: SeenRequest): Body | undefined {
  if (body === '') return undefined;
  const json = jsonIn(body);
  if (typeof json !== 'string') return { form: 'json', value: json };
  if (!String(headers['content-type']).includes('x-www-form-urlencoded')) return { form: 'text', value: body };
  const value = Object.fromEntries([...new URLSearchParams(body)].map(([key, text]) => [key, jsonIn(text)]));
  return { form: 'form', value };
}

/** JSON in a text, a form's field for one; else the text. */
function jsonIn(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' ? value : text;
  } catch {
    return text;
  }
}

function keysOf(value: Json, at: string, depth = 0): string[] {
  if (at === '' && typeof value === 'string')
    return [...value.matchAll(XML_ELEMENT)].map(([, name = '']) => `<${name}>`);
  if (Array.isArray(value))
    return value.length === 0 ? [`${at}[]`] : value.flatMap((each) => keysOf(each, `${at}[]`, depth));
  if (!isJsonObject(value) || depth === KEYS_DEEP_MAX || Object.keys(value).length === 0) return at === '' ? [] : [at];
  return Object.entries(value).flatMap(([key, each]) => keysOf(each, at === '' ? key : `${at}.${key}`, depth + 1));
}

function placesOf(key: string, value: string, request: SeenRequest, url: URL, body: Body | undefined): string[] {
  if (value.length < CREDENTIAL_CHARS_MIN) return [];
  const headers = Object.entries(request.headers).flatMap(([name, text]) => headerPlace(name, String(text), value));
  const query = [...url.searchParams].filter(([, text]) => text.includes(value)).map(([name]) => `query ${name}`);
  const inBody = body === undefined ? [] : bodyPlaces(body.value, value, '').map((at) => `body ${at}`);
  return [...headers, ...query, ...new Set(inBody)].map((place) => `${key} in ${place}`);
}

function headerPlace(name: string, text: string, value: string): string[] {
  if (name === 'host') return [];
  const [scheme = '', token = ''] = text.split(' ');
  if (scheme === 'Basic' && Buffer.from(token, 'base64').toString().includes(value)) return [`header ${name} (Basic)`];
  if (Buffer.from(text, 'base64').toString().includes(value)) return [`header ${name} (base64)`];
  if (!text.includes(value)) return [];
  return [/^[A-Za-z][\w-]*$/.test(scheme) && token !== '' ? `header ${name} (${scheme})` : `header ${name}`];
}

function bodyPlaces(body: Json, value: string, at: string): string[] {
  if (typeof body === 'string') return body.includes(value) ? [at === '' ? 'text' : at] : [];
  if (Array.isArray(body)) return body.flatMap((each) => bodyPlaces(each, value, `${at}[]`));
  if (!isJsonObject(body)) return [];
  return Object.entries(body).flatMap(([key, each]) => bodyPlaces(each, value, at === '' ? key : `${at}.${key}`));
}
