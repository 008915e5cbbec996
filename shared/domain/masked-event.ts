import { MASKED } from './audit.ts';
import type { TributaryEvent } from './event.ts';
import type { JsonChange } from './json-diff.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

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
const NAMED: ReadonlySet<string> = new Set(['page', 'screen']);

/** An event for who may not see personal data: its form with every value masked, but for what says nothing of a person. */
export const maskedEvent = (event: TributaryEvent): JsonObject =>
  Object.fromEntries(
    Object.entries(event).map(([key, value]) => [
      key,
      PLAIN.has(key) || (NAMED.has(event.type) && (key === 'name' || key === 'category')) ? value : masked(value),
    ]),
  );

function masked(value: Json): Json {
  if (Array.isArray(value)) return value.map(masked);
  if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
  return value === null ? value : MASKED;
}

/** Where values differ, without the values. */
export const maskedChanges = (changes: readonly JsonChange[]): JsonChange[] =>
  changes.map((change) => ({
    ...change,
    ...('before' in change && { before: MASKED }),
    ...('after' in change && { after: MASKED }),
  })) as JsonChange[];
