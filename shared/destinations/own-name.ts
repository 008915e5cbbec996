import { isJsonObject, type Json } from '../domain/json.ts';
import type { WireName } from './destination-definition.ts';

/** A request before it goes out. */
type Outgoing = { url: URL; headers: Record<string, string>; body: Buffer };

/**
 * The user agents that the library's code sets, for itself and in single destinations, whole: somebody's own may have the word in it. One that
 * comes with a new version of the library fails in the sweep.
 */
const THEIR_AGENT =
  /^Segment(?:$| \(Actions\)$| Equals Destination$|Courier$|(?:Destination|SyncAudiences)\/[\d.]+$| Action \(Acoustic Destination\) )|^segment-destination\/[\d.]+$/;

/** A part has at most 200 events; more items in a list are not the library's. */
const ITEMS_MAX = 1_000;

/**
 * Puts our name where a constant of the library gives its maker's: exactly at the places that the row names, and only where exactly that
 * constant stands, so that nothing of a customer is changed. The library's user agents are replaced wherever they come from.
 */
export function underOurName(request: Outgoing, names: readonly WireName[], userAgent: string): Outgoing {
  const headers = { ...request.headers };
  if (THEIR_AGENT.test(headers['user-agent'] ?? '')) headers['user-agent'] = userAgent;
  if (names.length === 0) return { ...request, headers };
  const url = new URL(request.url);
  for (const { in: place, at, theirs, ours } of names) {
    if (place === 'header' && headers[at] === theirs) headers[at] = ours;
    if (place === 'query' && url.searchParams.get(at) === theirs) url.searchParams.set(at, ours);
  }
  const isForm = headers['content-type']?.includes('x-www-form-urlencoded') === true;
  const inBody = names.filter((each) => each.in === (isForm ? 'form' : 'body'));
  if (!inBody.some(({ theirs }) => request.body.includes(theirs.split(/\W/, 1)[0] ?? theirs)))
    return { ...request, url, headers };
  const body = isForm ? renamedForm(request.body, inBody) : renamedJson(request.body, inBody);
  return { url, headers, body: body ?? request.body };
}

/** `undefined` where the body is not JSON: a row that names a place in JSON does not mean this request. */
function renamedJson(body: Buffer, names: readonly WireName[]): Buffer | undefined {
  try {
    const json = JSON.parse(body.toString('utf8')) as Json;
    for (const name of names) rename([json], name.at.split('.'), name);
    return Buffer.from(JSON.stringify(json), 'utf8');
  } catch {
    return undefined;
  }
}

/** The first part of a path names a field of the form, the rest a place in the JSON that the field holds. */
function renamedForm(body: Buffer, names: readonly WireName[]): Buffer {
  const form = new URLSearchParams(body.toString('utf8'));
  for (const name of names) {
    const [first = '', ...rest] = name.at.split('.');
    const field = first.replace(/\[\]$/, '');
    const text = form.get(field);
    if (text === null) continue;
    const path = first.endsWith('[]') ? ['[]', ...rest] : rest;
    const renamed = renamedJson(Buffer.from(text, 'utf8'), [{ ...name, at: path.join('.') }]);
    if (renamed !== undefined) form.set(field, renamed.toString('utf8'));
  }
  return Buffer.from(form.toString(), 'utf8');
}

/** `path` is what is left of it; `a[]` means each item of the list `a`, `[]` alone each item of a body that is a list. */
function rename(values: readonly Json[], [part = '', ...rest]: readonly string[], name: WireName): void {
  const key = part.replace(/\[\]$/, '');
  for (const value of values.slice(0, ITEMS_MAX)) {
    const next = key === '' ? value : isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (next === undefined) continue;
    if (rest.length > 0) rename(part.endsWith('[]') ? (Array.isArray(next) ? next : []) : [next], rest, name);
    else if (isJsonObject(value) && typeof next === 'string') value[key] = renamedText(next, name);
  }
}

function renamedText(text: string, { theirs, ours, isPrefix }: WireName): string {
  if (isPrefix === true) return text.startsWith(theirs) ? ours + text.slice(theirs.length) : text;
  return text === theirs ? ours : text;
}
