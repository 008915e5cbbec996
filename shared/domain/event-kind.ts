import * as z from 'zod';
import { EVENT_TYPES, type EventType } from './event.ts';
import { type Json, type JsonObject, objectIn, own } from './json.ts';

/** Longest name and version that books tell apart, in characters; longer ones are cut. */
export const KIND_NAME_CHARS_MAX = 200;
export const KIND_VERSION_CHARS_MAX = 64;
/** Bytes of the kinds that one row names, as JSON: some 1,500 of usual length. DynamoDB takes items of 400 KB, and a row holds more than these. */
export const ROW_KINDS_BYTES_MAX = 60_000;

/**
 * What books tell events apart by (features 3.5): call, name (`event` of a track, `name` of a page or screen; empty where there is none), and
 * `context.app.version` (empty where there is none). The call is empty where what came is of none.
 */
export const EventKind = z.tuple([
  z.enum([...EVENT_TYPES, '']),
  z.string().max(KIND_NAME_CHARS_MAX),
  z.string().max(KIND_VERSION_CHARS_MAX),
]);
export type EventKind = z.infer<typeof EventKind>;

/** Of what says nothing of itself, and of all events in rows of before there were kinds. */
export const NO_KIND: EventKind = ['', '', ''];

/** Name of the kinds that are not kept apart, so that totals hold. A client's event of this very name is summed with them. */
export const OTHER_NAME = '(other)';
/** Where the rest of a call is summed up. */
export const otherKind = ([call]: EventKind): EventKind => [call, OTHER_NAME, ''];

/** The field that names an event of a call; the other calls have no names. */
const NAME_FIELDS: Readonly<Partial<Record<EventType, string>>> = { track: 'event', page: 'name', screen: 'name' };

/**
 * The kind of an event, be it valid or not: what cannot be read of it is empty. `call` is that of the endpoint where it has one; else the event names
 * it. The same before and after it is normalised.
 */
export function kindOf(event: JsonObject, call?: EventType): EventKind {
  const type = call ?? EVENT_TYPES.find((known) => known === own(event, 'type')) ?? '';
  const field = type === '' ? undefined : NAME_FIELDS[type];
  return [
    type,
    field === undefined ? '' : plainText(own(event, field), KIND_NAME_CHARS_MAX),
    plainText(own(objectIn(objectIn(event, 'context'), 'app'), 'version'), KIND_VERSION_CHARS_MAX),
  ];
}

/** Controls, halves of a character and what turns the direction of text: names of events are shown in lists, files and terminals. */
const UNFIT = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu;

/** Text that a client named something by, fit to be shown: cut, and without what does not print. Empty where it is no text. */
export const plainText = (value: Json | undefined, charsMax: number): string =>
  typeof value === 'string' ? value.slice(0, charsMax).replaceAll(UNFIT, '\uFFFD') : '';

/** Names a kind in maps: kinds hold no control characters. */
export const kindName = (kind: EventKind): string => kind.join('\n');

/** The kinds of a row, each once and in order of first appearance, and of each event the number of its kind. */
export type NumberedKinds = { kinds: EventKind[]; kindOf: number[] };

/** Numbers kinds. What comes after ROW_KINDS_BYTES_MAX of them is counted under the rest of its call. */
export function numberKinds(ofEvents: readonly EventKind[]): NumberedKinds {
  const kinds: EventKind[] = [];
  const numbers = new Map<string, number>();
  let bytes = 0;
  const numberOf = (kind: EventKind, isRest: boolean): number => {
    const name = kindName(kind);
    const known = numbers.get(name);
    if (known !== undefined) return known;
    // A character takes 3 bytes at most, in a name as in its escape of 2.
    const more = isRest ? 0 : utf8Bytes(JSON.stringify(kind)) + 1;
    if (bytes + more > ROW_KINDS_BYTES_MAX) return numberOf(otherKind(kind), true);
    bytes += more;
    numbers.set(name, kinds.length);
    return kinds.push(kind) - 1;
  };
  return { kindOf: ofEvents.map((kind) => numberOf(kind, false)), kinds };
}

const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length;

/** 32-bit hash of a messageId (FNV-1a over UTF-16 units), never 0. */
export function idHashOf(messageId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < messageId.length; index += 1) {
    hash ^= messageId.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash === 0 ? 1 : hash;
}

/** Hashes as base64 of 4 bytes each, little-endian. */
export function packHashes(hashes: readonly number[]): string {
  let text = '';
  for (const hash of hashes) {
    for (let shift = 0; shift < 32; shift += 8) text += String.fromCharCode((hash >>> shift) & 0xff);
  }
  return btoa(text);
}

export function unpackHashes(packed: string): number[] {
  const text = atob(packed);
  return Array.from({ length: text.length >> 2 }, (_, index) =>
    [3, 2, 1, 0].reduce((hash, byte) => hash * 256 + text.charCodeAt(index * 4 + byte), 0),
  );
}
