import { useMemo } from 'react';
import { type DataOf, useCall } from '../../api/calls.ts';
import { useEnvironment } from '../../app/environment-filter.tsx';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { type Range, rangeForAge } from '../../ui/time-range.tsx';

export type Overview = DataOf<'getOverview'>;
export type SourceNode = Overview['sources'][number];
export type DestinationNode = Overview['destinations'][number];
export type Connection = Overview['connections'][number];

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

const MINUTE_MS = 60_000;

/** Minutes that something can have come in: from the begin of the range, or of the workspace where that is younger. */
export const minutesIn = ({ from, to }: Pick<Overview, 'from' | 'to'>, createdAt: string | undefined): number =>
  Math.max(1, (Date.parse(to) - Math.max(Date.parse(from), Date.parse(createdAt ?? from))) / MINUTE_MS);

/** The answer with rates over the time in which something can have come: of a new workspace an hour would make them far too low. */
export function withRates(overview: Overview, createdAt: string | undefined): Overview {
  const factor = minutesIn(overview, undefined) / minutesIn(overview, createdAt);
  if (factor === 1) return overview;
  const scaled = <T extends { perMinute: number }>(one: T): T => ({ ...one, perMinute: one.perMinute * factor });
  return { ...overview, sources: overview.sources.map(scaled), connections: overview.connections.map(scaled) };
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
