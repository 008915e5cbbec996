import { BATCH_BYTES_MAX, JSON_DEPTH_MAX, REQUEST_KEYS_MAX } from '../../shared/config/limits.ts';
import type { Json } from '../../shared/domain/json.ts';
import { jsonOverrun } from '../../shared/domain/json-bounds.ts';
import { isFormType } from './request-body.ts';

type Refused = { outcome: 'refused'; reason: 'invalid-json' | 'too-deep' | 'too-many-keys' | 'too-large' };
/** `text`: the JSON text of `body`. */
export type HookJson = { outcome: 'json'; text: string; body: Json } | Refused;

/**
 * The JSON that a posted text stands for. Any JSON will do, not objects alone. A form becomes an object of its fields, and where its one field holds
 * JSON (`payload=…`), that. Plain text and XML become one text; nothing at all is null: some tools say everything in headers.
 */
export function hookJson(text: string, contentType: string | undefined): HookJson {
  if (text.trim() === '') return { outcome: 'json', text: 'null', body: null };
  if (isFormType(contentType) && !/^\s*[{[]/.test(text)) return formJson(text);
  const read = readJson(text);
  if (read.outcome === 'json' || !/^\s*(?:text\/|application\/(?:[\w.-]+\+)?xml)/i.test(contentType ?? '')) return read;
  return { outcome: 'json', text: JSON.stringify(text), body: text };
}

const refused = (reason: Refused['reason']): Refused => ({ outcome: 'refused', reason });

/** Depth and keys before the parser (T12). */
function readJson(text: string): HookJson {
  const overrun = jsonOverrun(text, JSON_DEPTH_MAX, REQUEST_KEYS_MAX);
  if (overrun !== undefined) return refused(overrun === 'depth' ? 'too-deep' : 'too-many-keys');
  try {
    return { outcome: 'json', text, body: JSON.parse(text) as Json };
  } catch {
    return refused('invalid-json');
  }
}

/** Names are taken as they are, dots and brackets included. A name that comes again makes a list. */
function formJson(form: string): HookJson {
  const fields = new URLSearchParams(form);
  if (fields.size > REQUEST_KEYS_MAX) return refused('too-many-keys');
  const [first = ['', '']] = fields;
  if (fields.size === 1 && /^\s*[{[]/.test(first[1])) {
    const inner = readJson(first[1]);
    if (inner.outcome === 'json' || inner.reason !== 'invalid-json') return inner;
  }
  // A map, and not an object: `__proto__` is a name like any other (T11).
  const values = new Map<string, string | string[]>();
  for (const [name, value] of fields) {
    const there = values.get(name);
    if (Array.isArray(there)) there.push(value);
    else values.set(name, there === undefined ? value : [there, value]);
  }
  const body = Object.fromEntries(values);
  const text = JSON.stringify(body);
  // Quotes and escapes may make it six times as long.
  return Buffer.byteLength(text) > BATCH_BYTES_MAX ? refused('too-large') : { outcome: 'json', text, body };
}
