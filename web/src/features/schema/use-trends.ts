import { useState } from 'react';
import { useCall } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import type { Period } from './schema-rows.ts';

const DAYS: Readonly<Record<Period, number>> = { '7d': 7, '30d': 30 };
const DAY_MS = 86_400_000;
/** Names that counts are asked of; rarer ones have no line. */
const NAMES_MAX = 200;

/** Events a day by name, for the lines of the table; undefined for who may not see usage. */
export function useTrends(sourceId: string, period: Period): ReadonlyMap<string, readonly number[]> | undefined {
  const may = useMay('usage.read');
  // To the day, so that the question stays the same until midnight.
  const [today] = useState(() => Math.floor(Date.now() / DAY_MS) * DAY_MS);
  const { data } = useCall(
    'getEventsVolumeFromWorkspace',
    {
      query: {
        granularity: 'DAY',
        startTime: new Date(today - (DAYS[period] - 1) * DAY_MS).toISOString(),
        endTime: new Date(today + DAY_MS).toISOString(),
        groupBy: ['eventName'],
        sourceId: [sourceId],
        eventType: ['track'],
        pagination: { count: NAMES_MAX },
      },
    },
    { enabled: may, freshMs: 60_000 },
  );
  if (!may) return undefined;
  return new Map(data?.result.map(({ eventName, series }) => [eventName ?? '', series.map(({ count }) => count)]));
}
