import * as z from 'zod';
import { operation } from '../operation.ts';
import { queryList } from '../shape.ts';
import { rangeQuery, Series, HealthState } from './range-shapes.ts';

const ISSUE = 6;

/** What is connected and what flows between. */
export const appOverviewOperations = {
  getOverview: operation({
    method: 'GET',
    path: '/app-api/overview',
    tag: 'Overview',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.read', of: 'visible' },
    summary: 'All sources and destinations with their state, and what flows between them.',
    query: () => z.strictObject(rangeQuery()),
    answer: () =>
      z.strictObject({
        asOf: z.iso.datetime(),
        sources: z.array(
          z.strictObject({
            id: z.string(),
            name: z.string(),
            metadataId: z.string(),
            state: HealthState(),
            perMinute: z.number(),
          }),
        ),
        destinations: z.array(
          z.strictObject({ id: z.string(), name: z.string(), metadataId: z.string(), state: HealthState() }),
        ),
        connections: z.array(
          z.strictObject({
            sourceId: z.string(),
            destinationId: z.string(),
            perMinute: z.number(),
            delivered: z.int(),
            failed: z.int(),
          }),
        ),
        totals: z.strictObject({
          received: z.int(),
          delivered: z.int(),
          failed: z.int(),
          deliveryRate: z.number(),
          p95Ms: z.number().nullable(),
        }),
      }),
  }),
  listSourceStats: operation({
    method: 'GET',
    path: '/app-api/stats/sources',
    tag: 'Overview',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.read', of: 'visible' },
    summary: 'Last event and the last 24 hours of each source of a page.',
    query: () => z.strictObject({ sourceIds: queryList(z.string()) }),
    answer: () =>
      z.strictObject({
        stats: z.array(
          z.strictObject({
            sourceId: z.string(),
            lastSeenAt: z.iso.datetime().nullable(),
            received: z.int(),
            series: Series(),
          }),
        ),
      }),
  }),
  listDestinationStats: operation({
    method: 'GET',
    path: '/app-api/stats/destinations',
    tag: 'Overview',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'destination.read', of: 'visible' },
    summary: 'Last delivery, share of failures and the last 24 hours of each destination of a page.',
    query: () => z.strictObject({ destinationIds: queryList(z.string()) }),
    answer: () =>
      z.strictObject({
        stats: z.array(
          z.strictObject({
            destinationId: z.string(),
            lastDeliveredAt: z.iso.datetime().nullable(),
            delivered: z.int(),
            failed: z.int(),
            failedShare: z.number(),
            series: Series(),
          }),
        ),
      }),
  }),
};
