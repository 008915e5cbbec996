import { isJsonObject, type Json } from '../../../shared/domain/json.ts';
import { readBody, type SeenRequest } from './request-shape.ts';

/** Parts of requests that the check does not look at: the tool's own host. */
const HEADERS_LEFT_OUT = new Set(['host']);

/**
 * Values of a request in which the library's maker is named, each with its place. Names of headers, parameters and keys, paths and hosts are the
 * tool's own, and are not looked at.
 */
export function namesTheLibrary(request: SeenRequest): string[] {
  const url = new URL(request.url, `https://${request.headers.host ?? ''}`);
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    !HEADERS_LEFT_OUT.has(name) && isNamed(String(value)) ? [`header ${name}: ${String(value)}`] : [],
  );
  const query = [...url.searchParams].flatMap(([name, value]) => (isNamed(value) ? [`query ${name}: ${value}`] : []));
  const body = readBody(request);
  return [...headers, ...query, ...(body === undefined ? [] : namesIn(body.value, ''))];
}

const isNamed = (text: string): boolean => /segment/i.test(text);

function namesIn(value: Json, at: string): string[] {
  if (typeof value === 'string') return isNamed(value) ? [`body ${at}: ${value.slice(0, 80)}`] : [];
  if (Array.isArray(value)) return value.flatMap((each) => namesIn(each, `${at}[]`));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => namesIn(each, at === '' ? key : `${at}.${key}`));
}
