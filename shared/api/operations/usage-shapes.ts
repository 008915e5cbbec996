import * as z from 'zod';
import { DESTINATIONS_MAX, SOURCES_MAX } from '../../domain/workspace.ts';
import { shape } from '../shape.ts';

/** The first day of a month, in UTC. */
export const Period = shape('UsagePeriod', () =>
  z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])-01$/, 'the first day of a month, such as 2026-11-01'),
);
/** Counts of usage are texts, as in the Public API. */
const Count = () => z.string().max(24);

/** Tracked users are those who were identified and those who never were; what was anonymous first and identified later is told beside them. */
export const TrackedUsers = shape('TrackedUsers', () =>
  z.strictObject({
    total: Count(),
    identified: Count(),
    anonymous: Count(),
    anonymousIdentified: Count(),
    neverIdentified: Count(),
    isExact: z.boolean(),
    standardError: z.number(),
  }),
);
export const UsageTotal = shape('UsageTotal', () =>
  z.strictObject({ period: z.string(), apiCalls: Count(), trackedUsers: Count() }),
);
const Day = shape('UsageDay', () =>
  z.strictObject({ timestamp: z.string(), apiCalls: Count(), trackedUsers: Count() }),
);
/** `sourceName` is null of a source that has been deleted. */
export const SourceUsage = shape('SourceUsage', () =>
  z.strictObject({
    sourceId: z.string(),
    sourceName: z.string().nullable(),
    apiCalls: Count(),
    trackedUsers: TrackedUsers(),
    daily: z.array(Day()).max(31),
  }),
);
/** Lines of one answer: those that there are, and as many that were deleted in the month. */
export const SOURCES_SHOWN_MAX = 2 * SOURCES_MAX;
export const DESTINATIONS_SHOWN_MAX = 2 * DESTINATIONS_MAX;

/** Eight of ten months end between `low` and `high`, as far as the past tells. */
export const Forecast = shape('UsageForecast', () =>
  z.strictObject({ soFar: Count(), forecast: Count(), low: Count(), high: Count(), method: z.string() }),
);
export const DollarForecast = shape('DollarForecast', () =>
  z.strictObject({
    soFar: z.number(),
    forecast: z.number(),
    low: z.number(),
    high: z.number(),
    method: z.string(),
  }),
);

/** So many units at a list price. `basis`: `counted`, or the assumptions that the quantity rests on. */
const CostLine = shape('CostLine', () =>
  z.strictObject({
    line: z.string(),
    price: z.string(),
    quantity: z.number(),
    dollars: z.number(),
    basis: z.string(),
  }),
);
/** `name` is null of what has been deleted. `units`: what was counted. */
export const CostOf = shape('CostOf', () =>
  z.strictObject({
    id: z.string(),
    name: z.string().nullable(),
    dollars: z.number(),
    units: z.record(z.string(), z.number()),
    lines: z.array(CostLine()).max(60),
  }),
);
export const ListPrice = shape('ListPrice', () =>
  z.strictObject({
    price: z.string(),
    dollars: z.number(),
    per: z.number(),
    unit: z.string(),
    asOf: z.string(),
    source: z.string(),
    isVerified: z.boolean(),
  }),
);
