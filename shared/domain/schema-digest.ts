import * as z from 'zod';
import type { ArchiveMessage } from './lane-message.ts';
import type { SchemaDigest } from './archive-digest.ts';
import { type EventKind, KIND_NAME_CHARS_MAX, kindOf, plainText } from './event-kind.ts';
import { type Json, type JsonObject, objectIn } from './json.ts';

/** F10: names of a source that are listed, properties of one of them, traits of a call. What comes beyond flows all the same. */
export const SCHEMA_NAMES_MAX = 4_000;
export const SCHEMA_PROPERTIES_MAX = 300;
export const SCHEMA_TRAITS_MAX = 300;
/** Properties and traits of one digest, or of a sum of them: some 2 MB as text, where paths are of usual length. */
export const SCHEMA_PATHS_MAX = 20_000;
/** Longest path that is told of, in characters. */
export const PATH_CHARS_MAX = 200;
/** Values of one event that are looked at, and levels of it: an event has 32 KB at most. */
const VALUES_MAX = 2_000;
const DEPTH_MAX = 20;

/** `date`: text of the form of an ISO 8601 day or time. */
export const SEEN_TYPES = ['boolean', 'number', 'string', 'date', 'object', 'array', 'null'] as const;
export type SeenType = (typeof SEEN_TYPES)[number];

/** What events with a name, or traits of a call, are told apart by here: versions are not. */
const SEEN_CALLS = ['track', 'page', 'screen', 'identify', 'group'] as const;
export type SeenCall = (typeof SEEN_CALLS)[number];

const count = z.int().nonnegative();
/** Epoch milliseconds. */
const moment = z.int().nonnegative();
/** Path, events with it, first and last of them by receivedAt, and in how many it was of each of SEEN_TYPES (an array's items may be of several). */
const SeenPath = z.tuple([z.string().max(PATH_CHARS_MAX), count, moment, moment], count);
const SeenName = z.tuple([
  z.enum(SEEN_CALLS),
  /** Empty for identify and group, and for pages and screens, which are one row each (F08). */
  z.string().max(KIND_NAME_CHARS_MAX),
  count,
  moment,
  moment,
  z.array(SeenPath),
]);
/** Lists, not objects: names are what clients send, `__proto__` too. `left`: names and paths that were met beyond the bounds, each time. */
export const SeenSchema = z.object({ v: z.literal(1), names: z.array(SeenName), left: count });
export type SeenSchema = z.infer<typeof SeenSchema>;

type PathSum = { count: number; first: number; last: number; types: number[] };
type NameSum = {
  call: SeenCall;
  name: string;
  count: number;
  first: number;
  last: number;
  paths: Map<string, PathSum>;
};

/**
 * Sums up which names, properties and traits were seen. Sums of sums are the same in any order as long as nothing is beyond the bounds; beyond them
 * what is met first stays.
 */
export class SchemaSum {
  private readonly names = new Map<string, NameSum>();
  private paths = 0;
  private left = 0;

  addEvent(event: JsonObject, receivedAtMs: number): void {
    const kind = kindOf(event);
    const call = seenCallOf(kind);
    if (call === undefined) return;
    const found = this.nameOf(call, nameIn(kind));
    if (found === undefined) return;
    widen(found, 1, receivedAtMs, receivedAtMs);
    for (const [path, types] of pathsOf(objectIn(event, isOfTraits(call) ? 'traits' : 'properties'))) {
      const seen = this.pathOf(found, path);
      if (seen === undefined) continue;
      widen(seen, 1, receivedAtMs, receivedAtMs);
      for (const type of types) seen.types[type] = (seen.types[type] ?? 0) + 1;
    }
  }

  add({ names, left }: SeenSchema): void {
    this.left += left;
    for (const [call, name, many, first, last, paths] of names) {
      const found = this.nameOf(call, name);
      if (found === undefined) continue;
      widen(found, many, first, last);
      for (const [path, times, firstOfPath, lastOfPath, ...types] of paths) {
        const seen = this.pathOf(found, path);
        if (seen === undefined) continue;
        widen(seen, times, firstOfPath, lastOfPath);
        for (const [type, more] of types.entries()) seen.types[type] = (seen.types[type] ?? 0) + more;
      }
    }
  }

  /** In order of their names, so that the same events in another order are the same text. */
  seen(): SeenSchema {
    const sorted = <T>(entries: Map<string, T>): [string, T][] => [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return {
      v: 1,
      names: sorted(this.names).map(([, { call, name, count: many, first, last, paths }]) => [
        call,
        name,
        many,
        first,
        last,
        sorted(paths).map(([path, each]) => [
          path,
          each.count,
          each.first,
          each.last,
          ...SEEN_TYPES.map((_type, index) => each.types[index] ?? 0),
        ]),
      ]),
      left: this.left,
    };
  }

  private nameOf(call: SeenCall, name: string): NameSum | undefined {
    const key = `${call}\n${name}`;
    const found = this.names.get(key);
    if (found !== undefined) return found;
    if (this.names.size >= SCHEMA_NAMES_MAX) {
      this.left += 1;
      return undefined;
    }
    const made = { call, name, count: 0, first: Infinity, last: 0, paths: new Map<string, PathSum>() };
    this.names.set(key, made);
    return made;
  }

  private pathOf({ call, paths }: NameSum, path: string): PathSum | undefined {
    const found = paths.get(path);
    if (found !== undefined) return found;
    const max = isOfTraits(call) ? SCHEMA_TRAITS_MAX : SCHEMA_PROPERTIES_MAX;
    if (paths.size >= max || this.paths >= SCHEMA_PATHS_MAX) {
      this.left += 1;
      return undefined;
    }
    this.paths += 1;
    const made = { count: 0, first: Infinity, last: 0, types: [] };
    paths.set(path, made);
    return made;
  }
}

function widen(sum: { count: number; first: number; last: number }, more: number, first: number, last: number): void {
  sum.count += more;
  sum.first = Math.min(sum.first, first);
  sum.last = Math.max(sum.last, last);
}

export const isOfTraits = (call: SeenCall): boolean => call === 'identify' || call === 'group';

/** Where a kind of the books is listed; undefined: nowhere (alias, what was of no call). */
export const seenCallOf = ([call]: EventKind): SeenCall | undefined => SEEN_CALLS.find((known) => known === call);

const nameIn = ([call, name]: EventKind): string => (call === 'track' ? name : '');

/** The schema part of an archive object's digest. Same messages in the same order: the same digest. */
export function schemaDigestOf(messages: readonly Pick<ArchiveMessage, 'receivedAt' | 'events'>[]): SchemaDigest {
  const sum = new SchemaSum();
  for (const { receivedAt, events } of messages) {
    const at = Date.parse(receivedAt);
    // Everything on a queue of ours is JSON.
    for (const event of events) sum.addEvent(event as JsonObject, at);
  }
  return sum.seen();
}

/** Of a digest: nothing where it is of before there were schemas. */
export function seenIn(schema: SchemaDigest): SeenSchema {
  const parsed = SeenSchema.safeParse(schema);
  return parsed.success ? parsed.data : { v: 1, names: [], left: 0 };
}

/**
 * Paths of what an object holds, each once, with numbers of the types that it has there. Members of objects are joined by dots, a dot within a key is
 * `\.`, and what an array holds is at `.$` (F09).
 */
export function pathsOf(object: JsonObject): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  let values = 0;
  const visit = (value: Json, path: string, depth: number): void => {
    values += 1;
    if (values > VALUES_MAX || path.length > PATH_CHARS_MAX) return;
    const types = found.get(path) ?? new Set<number>();
    found.set(path, types.add(SEEN_TYPES.indexOf(typeOf(value))));
    if (depth >= DEPTH_MAX || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) for (const item of value) visit(item, `${path}.$`, depth + 1);
    else for (const [key, item] of membersOf(value)) visit(item, `${path}.${key}`, depth + 1);
  };
  for (const [key, item] of membersOf(object)) visit(item, key, 1);
  return found;
}

const membersOf = (object: JsonObject): [string, Json][] =>
  Object.entries(object)
    .slice(0, VALUES_MAX)
    .map(([key, value]) => [traitPath(key), value]);

/** The path of a member of the top level: that of a trait that can be blocked. */
export const traitPath = (key: string): string => plainText(key, PATH_CHARS_MAX + 1).replaceAll('.', '\\.');

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
/** A longer text is no date. */
const DATE_CHARS_MAX = 40;

function typeOf(value: Json): SeenType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'string') return value.length <= DATE_CHARS_MAX && DATE.test(value) ? 'date' : 'string';
  if (typeof value === 'object') return 'object';
  return typeof value === 'number' ? 'number' : 'boolean';
}
