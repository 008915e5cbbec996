import { isJsonObject, type Json } from '../domain/json.ts';
import type { WireName } from './destination-definition.ts';

/** A request before it goes out. */
type Outgoing = { url: URL; headers: Record<string, string>; body: Buffer };

/** A body larger than this is a batch of customers' data, where a constant would stand in each item: looked through all the same. */
const NAMES_IN_BODY_AT_ONCE = 10_000;

/**
 * Puts our name where a constant of the library gives its maker's: exactly at the places that the row names, and only where exactly that
 * constant stands, so that nothing of a customer is changed. The library's user agents are replaced wherever they come from.
 */
export function underOurName(request: Outgoing, names: readonly WireName[], userAgent: string): Outgoing {
  const headers = { ...request.headers };
  if (/\bsegment\b/i.test(headers['user-agent'] ?? '')) headers['user-agent'] = userAgent;
  const url = new URL(request.url);
  for (const { at, theirs, ours } of names.filter((each) => each.in === 'header')) {
    if (headers[at] === theirs) headers[at] = ours;
  }
  for (const { at, theirs, ours } of names.filter((each) => each.in === 'query')) {
    if (url.searchParams.get(at) === theirs) url.searchParams.set(at, ours);
  }
  const inBody = names.filter((each) => each.in === 'body');
  return { url, headers, body: inBody.length === 0 ? request.body : bodyUnderOurName(request.body, inBody) };
}

function bodyUnderOurName(body: Buffer, names: readonly WireName[]): Buffer {
  const text = body.toString('utf8');
  if (!names.some(({ theirs }) => text.includes(theirs))) return body;
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    // A form or XML: a row that names a place in JSON does not mean this request.
    return body;
  }
  for (const name of names) rename([json], name.at.split('.'), name);
  return Buffer.from(JSON.stringify(json), 'utf8');
}

/** `path` is what is left of it; `a[]` means each item of the list `a`, `[]` alone each item of a body that is a list. */
function rename(values: readonly Json[], [part = '', ...rest]: readonly string[], name: WireName): void {
  const key = part.replace(/\[\]$/, '');
  const isList = part.endsWith('[]');
  for (const value of values.slice(0, NAMES_IN_BODY_AT_ONCE)) {
    const next = key === '' ? value : isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (next === undefined) continue;
    if (rest.length > 0) rename(isList ? (Array.isArray(next) ? next : []) : [next], rest, name);
    else if (isJsonObject(value) && next === name.theirs) value[key] = name.ours;
  }
}
