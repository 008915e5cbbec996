import { useState } from 'react';
import { useCall } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import type { Period } from './schema-rows.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS: Readonly<Record<Period, number>> = { '7d': 7, '30d': 30 };
const FRESH_MS = 60_000;
/** Names that counts are asked of; rarer ones have no line. */
const NAMES_MAX = 200;

/** `by`: what one step of a line stands for. */
export type Trends = { by: 'day' | 'hour'; of: ReadonlyMap<string, readonly number[]>; isLoading: boolean };

/**
 * Events in steps of time, by the key of their row, for the lines of the table; undefined for who may not see usage. By the hour where all that there is
 * is of the last day: `isYoung`.
 */
export function useTrends(sourceId: string, period: Period, isYoung: boolean): Trends | undefined {
  const may = useMay('usage.read');
  const [now] = useState(() => Date.now());
  const step = isYoung ? HOUR_MS : DAY_MS;
  const end = Math.floor(now / step) * step + step;
  const start = end - (isYoung ? DAY_MS : DAYS[period] * DAY_MS);
  const query = {
    granularity: isYoung ? ('HOUR' as const) : ('DAY' as const),
    startTime: new Date(start).toISOString(),
    endTime: new Date(end).toISOString(),
    sourceId: [sourceId],
  };
  const named = useCall(
    'getEventsVolumeFromWorkspace',
    { query: { ...query, groupBy: ['eventName'], eventType: ['track'], pagination: { count: NAMES_MAX } } },
    { enabled: may, freshMs: FRESH_MS },
  );
  // Pages and screens are a row each, whatever their names (F08).
  const called = useCall(
    'getEventsVolumeFromWorkspace',
    { query: { ...query, groupBy: ['eventType'], eventType: ['page', 'screen'] } },
    { enabled: may, freshMs: FRESH_MS },
  );
  if (!may) return undefined;
  const lines = [
    ...(named.data?.result.map(({ eventName, series }) => [`track ${eventName ?? ''}`, series] as const) ?? []),
    ...(called.data?.result.map(({ eventType, series }) => [eventType ?? '', series] as const) ?? []),
  ];
  return {
    by: isYoung ? 'hour' : 'day',
    isLoading: named.isPending || called.isPending,
    of: new Map(lines.map(([key, series]) => [key, series.map(({ count }) => count)])),
  };
}
