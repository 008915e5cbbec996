import type { AnswerOf } from '../../../../shared/api/operation.ts';
import type { Handled } from '../../../../shared/api/operations.ts';

export type DebuggedEvent = AnswerOf<Handled['listSourceEvents']>['events'][number];
/** An event in the list, with what tells it from all others: an id may come twice, a place in a request does not. */
export type Row = DebuggedEvent & { key: string };

/** Events that a list holds; of more, the oldest go. Payloads have up to 16,000 characters, twice. */
export const ROWS_MAX = 1_000;

/** What is shown, and what has come since the list was held: the newest first in both. */
export type LiveRows = { shown: readonly Row[]; waiting: readonly Row[] };
export const NO_ROWS: LiveRows = { shown: [], waiting: [] };

export const rowsOf = (events: readonly DebuggedEvent[]): Row[] =>
  events.map((event) => ({ ...event, key: `${event.intakeId}.${event.index}` }));

/** What came since: on top where nobody looks at a place of the list, else it waits. What is there already is told once. */
export function withNewer({ shown, waiting }: LiveRows, events: readonly DebuggedEvent[], isHeld: boolean): LiveRows {
  const known = new Set([...shown, ...waiting].map(({ key }) => key));
  const fresh = rowsOf(events).filter(({ key }) => !known.has(key));
  if (fresh.length === 0 && (isHeld || waiting.length === 0)) return { shown, waiting };
  const newest = [...fresh, ...waiting].slice(0, ROWS_MAX);
  return isHeld ? { shown, waiting: newest } : { shown: [...newest, ...shown].slice(0, ROWS_MAX), waiting: [] };
}

/** An older page of a search below what is there. */
export function withOlder({ shown, waiting }: LiveRows, events: readonly DebuggedEvent[]): LiveRows {
  const known = new Set([...shown, ...waiting].map(({ key }) => key));
  const older = rowsOf(events).filter(({ key }) => !known.has(key));
  return { shown: [...shown, ...older].slice(0, ROWS_MAX), waiting };
}

/** Shows what waited. */
export const released = (rows: LiveRows): LiveRows => withNewer(rows, [], false);
