import { useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callQuery, type DataOf, useWorkspaceSlug } from '../../api/calls.ts';
import { decidingFilter } from './deciding-filter.ts';
import type { Trace } from './outcome.ts';
import type { TraceHints } from './trace-link.ts';

/** While something of an event is still under way, it is asked for again so often. */
const UNDER_WAY_MS = 2_000;
/** An event that was asked for this soon after it came may not be in the books yet. */
const YOUNG_MS = 30_000;

const isUnderWay = (trace: Trace | undefined): boolean =>
  trace !== undefined &&
  ((trace.verdict === 'UNKNOWN' && Date.now() - Date.parse(trace.receivedAt) < YOUNG_MS) ||
    trace.destinations.some(({ sends }) => sends.some(({ state }) => state === 'IN_FLIGHT' || state === 'WAITING')));

/** The way of an event; asked again while it is not at its end. */
export function useTrace({ messageId, sourceId, receivedAt, intakeId }: TraceHints): UseQueryResult<Trace> {
  const workspace = useWorkspaceSlug();
  const query = {
    ...(sourceId !== undefined && { sourceId }),
    ...(receivedAt !== undefined && { at: receivedAt }),
    ...(intakeId !== undefined && { intakeId }),
  };
  return useQuery({
    ...callQuery(workspace, 'getEventTrace', { path: { messageId }, query }),
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? UNDER_WAY_MS : false),
  });
}

export type DecidingFilter = DataOf<'listFiltersFromDestination'>['filters'][number];
const BY_FILTER = new Set(['FILTERED_BY_RULES', 'FILTERED_BY_SAMPLING', 'INVALID_FILTER']);
/** Destinations whose filters are asked for, to name the one that decided. */
const ASKED_MAX = 20;
const FILTERS_FRESH_MS = 30_000;

/** The filter that kept an event from a destination, by the destination's id: found by trying today's filters on it. */
export function useDecidingFilters(trace: Trace | undefined): ReadonlyMap<string, DecidingFilter> {
  const workspace = useWorkspaceSlug();
  const event = trace?.normalised ?? undefined;
  const ids = (trace?.destinations ?? [])
    .filter(({ verdict, reason }) => verdict === 'FILTERED' && BY_FILTER.has(reason ?? ''))
    .map(({ destinationId }) => destinationId)
    .slice(0, event === undefined || trace?.isMasked === true ? 0 : ASKED_MAX);
  const answers = useQueries({
    queries: ids.map((destinationId) => ({
      ...callQuery(workspace, 'listFiltersFromDestination', { path: { destinationId } }),
      staleTime: FILTERS_FRESH_MS,
    })),
  });
  return new Map(
    ids.flatMap((id, index): [string, DecidingFilter][] => {
      const filter = decidingFilter(event, answers[index]?.data?.filters ?? []);
      return filter === undefined ? [] : [[id, filter]];
    }),
  );
}
