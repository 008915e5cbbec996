import { MASKED } from './audit.ts';
import { isJsonObject, type Json, type JsonObject, own } from './json.ts';

/** Deeper than any event that is taken. */
const DEPTH_MAX = 100;
/** What says nothing of a person. The name of an event, a page or a screen is the developer's word. */
const PLAIN: ReadonlySet<string> = new Set([
  'type',
  'event',
  'messageId',
  'timestamp',
  'originalTimestamp',
  'receivedAt',
  'sentAt',
  'channel',
  'version',
]);
/** Names of these are plain as well; those of an identify call are people's. */
const NAMED: ReadonlySet<unknown> = new Set(['page', 'screen']);

/**
 * An event for who may not see personal data: its form, with every value masked but for what says nothing of a person. Of what came as an event and
 * is none, a list or an object where a text belongs is masked as any other.
 */
export function maskedEvent(event: JsonObject): JsonObject {
  const isNamed = NAMED.has(own(event, 'type'));
  const isPlain = (key: string, value: Json): boolean =>
    (PLAIN.has(key) || (isNamed && (key === 'name' || key === 'category'))) && typeof value !== 'object';
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [key, isPlain(key, value) ? value : masked(value, 0)]),
  );
}

/** What came, event or not, for who may not see personal data. */
export const maskedPayload = (payload: Json): Json =>
  isJsonObject(payload) ? maskedEvent(payload) : masked(payload, 0);

function masked(value: Json, depth: number): Json {
  if (typeof value !== 'object' || depth >= DEPTH_MAX) return MASKED;
  if (value === null) return value;
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, depth + 1)]));
}

/** Where values differ, without the values. */
export const maskedChanges = <C extends Change>(changes: readonly C[]): C[] =>
  changes.map((change) => ({
    ...change,
    ...(change.before !== undefined && { before: MASKED }),
    ...(change.after !== undefined && { after: MASKED }),
  }));
type Change = { before?: string | undefined; after?: string | undefined };
