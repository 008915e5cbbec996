import * as z from 'zod';
import { operation } from '../operation.ts';
import { queryNumber } from '../shape.ts';
import {
  CostOf,
  DESTINATIONS_SHOWN_MAX,
  DollarForecast,
  Forecast,
  ListPrice,
  Period,
  SOURCES_SHOWN_MAX,
  SourceUsage,
  TrackedUsers,
  UsageTotal,
} from './usage-shapes.ts';

const ACCESS = { right: 'usage.read', of: 'workspace' } as const;

/** What a workspace used and cost, and where the month is heading. */
export const appForecastOperations = {
  getUsage: operation({
    method: 'GET',
    path: '/app-api/usage',
    tag: 'Usage',
    stability: 'own',
    effect: 'works',
    access: ACCESS,
    summary:
      'API calls, tracked users and throughput of a month, by source and day, beside the last five and twelve months.',
    query: () =>
      z.strictObject({
        period: Period().optional(),
        allowance: queryNumber().pipe(z.int().min(1).max(1_000_000_000)).optional(),
      }),
    answer: () =>
      z.strictObject({
        period: z.string(),
        asOf: z.string().nullable(),
        apiCalls: z.string(),
        objects: z.string(),
        trackedUsers: TrackedUsers(),
        throughput: z.strictObject({
          perTrackedUser: z.number(),
          allowance: z.number().nullable(),
          perAllowed: z.number().nullable(),
          usedShare: z.number().nullable(),
        }),
        sources: z.array(SourceUsage()).max(SOURCES_SHOWN_MAX),
        periods: z.array(UsageTotal()).max(5),
        months: z.array(UsageTotal()).max(12),
      }),
  }),
  getUsageCost: operation({
    method: 'GET',
    path: '/app-api/usage/cost',
    tag: 'Usage',
    stability: 'own',
    effect: 'works',
    access: ACCESS,
    summary:
      'Dollars of a month by source and destination, each with the counted units and the list prices that they come from.',
    query: () => z.strictObject({ period: Period().optional() }),
    answer: () =>
      z.strictObject({
        period: z.string(),
        asOf: z.string().nullable(),
        dollars: z.number(),
        region: z.string(),
        isFreeTierApplied: z.boolean(),
        notIncluded: z.string(),
        sources: z.array(CostOf()).max(SOURCES_SHOWN_MAX),
        destinations: z.array(CostOf()).max(DESTINATIONS_SHOWN_MAX),
        prices: z.array(ListPrice()).max(60),
      }),
  }),
  getUsageForecast: operation({
    method: 'GET',
    path: '/app-api/usage/forecast',
    tag: 'Usage',
    stability: 'own',
    effect: 'works',
    access: ACCESS,
    summary:
      'Where the present month is heading: tracked users, API calls and dollars, with the span in which eight of ten months end.',
    query: () => z.strictObject({}),
    answer: () =>
      z.strictObject({
        period: z.string(),
        asOf: z.string().nullable(),
        trackedUsers: Forecast(),
        apiCalls: Forecast(),
        dollars: DollarForecast(),
      }),
  }),
};
