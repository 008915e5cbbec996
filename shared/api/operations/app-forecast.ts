import * as z from 'zod';
import { operation } from '../operation.ts';
import { queryNumber } from '../shape.ts';

const ISSUE = 6;

/** Where the month is heading. */
export const appForecastOperations = {
  getUsageForecast: operation({
    method: 'GET',
    path: '/app-api/usage/forecast',
    tag: 'Usage',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'usage.read', of: 'workspace' },
    summary: 'Where the month is heading: users, API calls and dollars.',
    query: () => z.strictObject({ period: z.string().max(10).optional(), days: queryNumber().optional() }),
    answer: () =>
      z.strictObject({
        period: z.string(),
        trackedUsers: z.strictObject({ soFar: z.string(), forecast: z.string() }),
        apiCalls: z.strictObject({ soFar: z.string(), forecast: z.string() }),
        dollars: z.strictObject({ soFar: z.number(), forecast: z.number() }),
      }),
  }),
};
