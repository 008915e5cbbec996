import type { TributaryEvent } from '../../../../shared/domain/event.ts';
import { applyFilters } from '../../../../shared/domain/filter-verdict.ts';
import type { Filter } from '../../../../shared/domain/filter.ts';
import type { AnswerOf } from '../../../../shared/api/operation.ts';
import type { Handled } from '../../../../shared/api/operations.ts';

type ListedFilter = AnswerOf<Handled['listFiltersFromDestination']>['filters'][number];

/** Which of a destination's filters keeps an event back, by their rules of today; undefined where none does any more. */
export function decidingFilter(event: unknown, filters: readonly ListedFilter[]): ListedFilter | undefined {
  return filters.find((filter) => {
    const verdict = applyFilters(event as TributaryEvent, [filter as unknown as Filter]);
    return verdict.verdict === 'filtered';
  });
}
