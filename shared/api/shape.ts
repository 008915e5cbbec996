import * as z from 'zod';
import { JSON_DEPTH_MAX } from '../config/limits.ts';

/**
 * A shape of the API under the name that the OpenAPI document gives it. It is made when it is first asked for: building all of them takes as long as
 * a cold start may, and a request needs three.
 */
export function shape<T extends z.ZodType>(id: string, make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make().meta({ id }));
}

/** An object whose keys are not ours: settings, traits, payloads. */
export const freeMap = () => z.record(z.string(), z.unknown());

/**
 * The same, for what is kept as it is given: a member called `__proto__`, at whatever depth, is refused. A record leaves it out silently, and what
 * is saved would not be what was sent.
 */
export const wholeMap = () => z.preprocess(refuseProto, freeMap());

function refuseProto(value: unknown, context: z.RefinementCtx): unknown {
  const path = protoIn(value, 0);
  if (path !== undefined) context.addIssue({ code: 'custom', path, message: 'There can be no member of this name.' });
  return value;
}

/** Where the first member called `__proto__` lies. */
function protoIn(value: unknown, depth: number): string[] | undefined {
  if (typeof value !== 'object' || value === null || depth > JSON_DEPTH_MAX) return undefined;
  if (Object.hasOwn(value, '__proto__')) return ['__proto__'];
  for (const [key, inner] of Object.entries(value)) {
    const path = protoIn(inner, depth + 1);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}

/** Everything in a query is text. */
export const queryNumber = () => z.preprocess(asNumber, z.number());
export const queryBoolean = () => z.preprocess(asBoolean, z.boolean());

/** `name[0]=a&name[1]=b`, `name=a&name=b`, `name=a,b` and `name=["a","b"]` are all the same list (public-api.md 2). */
export const queryList = <T extends z.ZodType>(item: T) => z.preprocess(asList, z.array(item).max(QUERY_LIST_MAX));

/** One of these words, in capitals or in small letters. */
export const anyCase = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.preprocess((value) => (typeof value === 'string' ? value.toUpperCase() : value), z.enum(words));

/** Entries of one list in a query; a URL of API Gateway has 10 KB. */
const QUERY_LIST_MAX = 1_000;

const asNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;

function asBoolean(value: unknown): unknown {
  if (value === 'true') return true;
  return value === 'false' ? false : value;
}

function asList(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('[') ? (listInJson(value) ?? [value]) : value.split(',');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // A list whose indexes do not begin at 0, or that is sparse, comes as an object.
  const entries = Object.entries(value);
  return entries.every(([key]) => /^\d+$/.test(key)) ? entries.map(([, one]) => one as unknown) : value;
}

function listInJson(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
