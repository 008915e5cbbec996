import { applyFilters } from '../../../../shared/domain/filter-verdict.ts';
import type { TributaryEvent } from '../../../../shared/domain/event.ts';
import type { Filter } from '../../../../shared/domain/filter.ts';
import type { RecentEvent } from './recent-events.ts';

/** What becomes of an event by one filter (C15). */
export type Verdict = 'sent' | 'not-sent' | 'partly' | 'unreadable';
export type Judged = RecentEvent & { verdict: Verdict; after: unknown };

/** What a filter makes of each event, by the code that route decides by. `id` draws samples: of a new filter, any. */
export const judgeAll = (
  events: readonly RecentEvent[],
  rules: { if: string; actions: readonly unknown[] },
  id: string,
): Judged[] =>
  events.map((one) => {
    const filter = { ...rules, id, enabled: true } as unknown as Filter;
    const said = applyFilters(one.event as TributaryEvent, [filter]);
    if (said.verdict === 'filtered') {
      return { ...one, verdict: said.reason === 'INVALID_FILTER' ? 'unreadable' : 'not-sent', after: undefined };
    }
    const isSame = JSON.stringify(said.event) === JSON.stringify(one.event);
    return { ...one, verdict: isSame ? 'sent' : 'partly', after: said.event };
  });
