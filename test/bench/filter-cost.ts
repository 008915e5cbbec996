import { applyFilters } from '../../shared/domain/filter-verdict.ts';
import { Filter } from '../../shared/domain/filter.ts';
import { medianOf } from './median.ts';
import { sampleEvent } from './sample-events.ts';

const ROUNDS = 7;
const EVENTS_A_ROUND = 50_000;
const AT = '2026-11-24T10:00:00.000Z';

/** Five conditions with a pattern, a list, a function and numbers; false for every sample event, so that all of it is judged. */
const FIVE_CONDITIONS =
  "type = 'page' or match(context.page.url, '*checkout*') or lowercase(properties.brand) = 'acme' or properties.category in ['Toys', 'Books'] or properties.price > 1000";

const filterOf = (actions: unknown[]): Filter =>
  Filter.parse({
    id: 'flt_bench',
    workspaceId: 'ws_bench',
    destinationId: 'dst_bench',
    title: 'Bench',
    if: actions.length > 1 ? 'all' : FIVE_CONDITIONS,
    actions,
    enabled: true,
    version: 1,
    createdAt: AT,
    updatedAt: AT,
  });

export type FilterCost = { conditionsUs: number; fieldsUs: number };

/** Microseconds of CPU for an event: a filter of five conditions, and one that takes fields out of two objects and leaves only some of a third. */
export function filterCost(): FilterCost {
  const event = { receivedAt: AT, originalTimestamp: AT, ...sampleEvent(1) } as unknown as Parameters<
    typeof applyFilters
  >[0];
  const conditions = [filterOf([{ type: 'DROP' }])];
  const fields = [
    filterOf([
      { type: 'DROP_PROPERTIES', fields: { properties: ['image_url'], 'context.page': ['search'] } },
      { type: 'ALLOW_PROPERTIES', fields: { context: ['page', 'locale'] } },
    ]),
  ];
  const usOf = (filters: readonly Filter[]): number => {
    const rounds = Array.from({ length: ROUNDS + 1 }, () => {
      const before = process.cpuUsage();
      for (let count = 0; count < EVENTS_A_ROUND; count += 1) applyFilters(event, filters);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / EVENTS_A_ROUND;
    });
    // The first is the compiler's.
    return medianOf(rounds.slice(1));
  };
  return { conditionsUs: usOf(conditions), fieldsUs: usOf(fields) };
}
