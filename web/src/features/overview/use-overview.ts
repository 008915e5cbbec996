import { useMemo } from 'react';
import { useCall } from '../../api/calls.ts';
import { useEnvironment } from '../../app/environment-filter.tsx';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { type Range, rangeForAge } from '../../ui/time-range.tsx';
import type { Overview } from './overview.ts';

/** Ranges of the page. */
export const OVERVIEW_RANGES = ['10m', '1h', '24h', '7d'] as const;
/** The API makes new numbers about as often. */
const POLL_MS = 10_000;
/** Since when a workspace is there does not change. */
const AGE_FRESH_MS = 600_000;

/** The range of the address; else the one that the workspace is old enough to fill. Undefined while that is not known. */
export function useOverviewRange() {
  const [chosen, setRange] = useParam('range', oneOf(...OVERVIEW_RANGES));
  const workspace = useCall('getOwnWorkspace', undefined, { freshMs: AGE_FRESH_MS });
  const createdAt = workspace.data?.workspace.createdAt;
  const range: Range | undefined = chosen ?? (workspace.isPending ? undefined : rangeForAge(createdAt));
  return { range, setRange, createdAt };
}

/** All that is connected, with its numbers, kept up to date. */
export function useOverview(range: Range | undefined) {
  const [environment] = useEnvironment();
  return useCall(
    'getOverview',
    {
      query: {
        ...(range !== undefined && { range: range as '1h' }),
        ...(environment !== undefined && { environment }),
      },
    },
    { enabled: range !== undefined, everyMs: POLL_MS, keep: true },
  );
}

/** Things of an answer by their ids. */
export function useNodes({ sources, destinations }: Pick<Overview, 'sources' | 'destinations'>) {
  return useMemo(
    () => ({
      sources: new Map(sources.map((one) => [one.id, one])),
      destinations: new Map(destinations.map((one) => [one.id, one])),
    }),
    [sources, destinations],
  );
}
