import { filterCondition } from './condition.ts';
import { type JsonObject, own } from './json.ts';
import type { ReplayFilter } from './replay.ts';

/** What people call an event: a track call's event, a page's or screen's name, or the type of call. */
export function eventNameOf(event: JsonObject): string {
  for (const key of ['event', 'name', 'type']) {
    const value = own(event, key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

export function messageIdOf(event: JsonObject): string {
  const value = own(event, 'messageId');
  return typeof value === 'string' ? value : '';
}

/** Whether an event is one that the filter takes, by what it says of events; not by codes and times. */
export const eventFits = (filter: ReplayFilter, event: JsonObject): boolean =>
  isIn(filter.messageId, filter.messageIds, () => messageIdOf(event)) &&
  isIn(filter.event, filter.events, () => eventNameOf(event)) &&
  isIn(undefined, filter.types, () => own(event, 'type')) &&
  (filter.userId === undefined || filter.userId === textOf(own(event, 'userId'))) &&
  (filter.condition === undefined || filterCondition(filter.condition)(event) === true);

export const codeFits = (filter: ReplayFilter, code: string): boolean => isIn(filter.code, filter.codes, () => code);

function isIn(one: string | undefined, some: readonly string[] | undefined, value: () => unknown): boolean {
  if (one === undefined && some === undefined) return true;
  const found = value();
  return (one === undefined || one === found) && (some?.some((each) => each === found) ?? true);
}

/** A userId may be a number; people write it as they see it. */
const textOf = (id: unknown): unknown => (typeof id === 'number' ? String(id) : id);

/** A filter as people read it in a list of runs. */
const WORDS_CHARS_MAX = 1_000;

export function inWords(filter: ReplayFilter): string {
  const { code, codes, from, to, receivedFrom, messageId, messageIds, event, events, types, userId, condition } =
    filter;
  const words = [
    code === undefined ? [] : [`code ${code}`],
    codes === undefined ? [] : [`code ${codes.join(' or ')}`],
    event === undefined ? [] : [`event "${event}"`],
    events === undefined ? [] : [`event ${events.map((name) => `"${name}"`).join(' or ')}`],
    types === undefined ? [] : [`type ${types.join(' or ')}`],
    messageId === undefined ? [] : [`messageId ${messageId}`],
    messageIds === undefined ? [] : [`messageId ${messageIds.join(' or ')}`],
    userId === undefined ? [] : ['of one user'],
    condition === undefined ? [] : ['by a condition'],
    from === undefined ? [] : [`ended from ${from}`],
    to === undefined ? [] : [`ended before ${to}`],
    receivedFrom === undefined ? [] : [`received from ${receivedFrom}`],
  ].flat();
  return (words.length === 0 ? 'all' : words.join(', ')).slice(0, WORDS_CHARS_MAX);
}
