import type { TributaryEvent } from './event.ts';
import { allowFields, dropFields, valueAt } from './field-paths.ts';
import type { Filter, FilterAction } from './filter.ts';
import { filterCondition } from './condition.ts';
import { isInSample } from './sample.ts';

export type FilterVerdict =
  | { verdict: 'passes'; event: TributaryEvent }
  | { verdict: 'filtered'; reason: 'FILTERED_BY_SAMPLING' | 'FILTERED_BY_RULES' | 'INVALID_FILTER' };

/** C01: what is not sent at all is found first, then fields go. */
const ORDER = [
  'SAMPLE',
  'DROP',
  'DROP_PROPERTIES',
  'ALLOW_PROPERTIES',
] as const satisfies readonly FilterAction['type'][];

/**
 * What the filters of a destination make of an event. Conditions look at the event as it came, so that the order in which filters were made does not
 * matter; several "only send" filters intersect (C04). A filter that cannot be read, or judged for this event, lets nothing through (C05).
 * The event itself is never changed.
 */
export function applyFilters(event: TributaryEvent, filters: readonly Filter[]): FilterVerdict {
  const actions: { filter: Filter; action: FilterAction }[] = [];
  for (const filter of filters) {
    if (!filter.enabled) continue;
    const holds = filterCondition(filter.if)(event);
    if (holds === 'unreadable') return { verdict: 'filtered', reason: 'INVALID_FILTER' };
    if (holds) for (const action of filter.actions) actions.push({ filter, action });
  }
  let left: TributaryEvent = event;
  for (const type of ORDER) {
    for (const { filter, action } of actions) {
      if (action.type !== type) continue;
      if (action.type === 'DROP') return { verdict: 'filtered', reason: 'FILTERED_BY_RULES' };
      if (action.type === 'SAMPLE') {
        if (!isSampled(event, filter, action)) return { verdict: 'filtered', reason: 'FILTERED_BY_SAMPLING' };
      } else if (action.type === 'DROP_PROPERTIES') left = dropFields(left, action.fields) as TributaryEvent;
      else left = allowFields(left, action.fields) as TributaryEvent;
    }
  }
  return { verdict: 'passes', event: left };
}

/** By the value at the path, so that a user is in or out as a whole; where there is none, or no path, by the messageId. */
function isSampled(
  event: TributaryEvent,
  filter: Filter,
  { percent, path }: FilterAction & { type: 'SAMPLE' },
): boolean {
  const value = path === undefined ? undefined : valueAt(event, path);
  // Filters draw apart, or two of one half would be the same half.
  const key = value === undefined || value === null ? `${filter.id} ${event.messageId}` : JSON.stringify(value);
  return isInSample(key, percent);
}
