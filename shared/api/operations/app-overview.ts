import * as z from 'zod';
import { WRITE_KEYS_PER_SOURCE_MAX } from '../../domain/workspace.ts';
import { operation } from '../operation.ts';
import { queryList, shape } from '../shape.ts';
import { OVERVIEW_STEPS_MAX, OverviewRange, STATS_MAX } from './overview-shapes.ts';
import { HealthState, Series } from './range-shapes.ts';

/** A type of source or destination, by the name of its logo and by its own. */
const NamedType = shape('NamedType', () => z.strictObject({ slug: z.string(), name: z.string() }));
const counts = () => z.array(z.int()).max(OVERVIEW_STEPS_MAX);

/** What is connected and what flows between. */
export const appOverviewOperations = {
  getOverview: operation({
    method: 'GET',
    path: '/app-api/overview',
    tag: 'Overview',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'visible' },
    summary: 'All sources and destinations with their state, and what flows between them.',
    query: () =>
      z.strictObject({
        range: OverviewRange().optional(),
        environment: z
          .string()
          .max(128)
          .optional()
          .describe('Sources with this label of an environment only, and what they feed.'),
      }),
    answer: () =>
      z.strictObject({
        /** Everything of before is in; what is younger may be. */
        asOf: z.iso.datetime(),
        /** What is counted: from here to now. */
        from: z.iso.datetime(),
        to: z.iso.datetime(),
        /** All that the caller sees, in steps from `from` on; the last one is not over. */
        series: z.strictObject({
          stepSeconds: z.int().positive(),
          received: counts(),
          delivered: counts(),
          failed: counts(),
          /** Null where nothing was delivered. */
          p95Ms: z.array(z.number().nullable()).max(OVERVIEW_STEPS_MAX),
        }),
        /** The same as `totals` in the time of the same length before; null where it is not kept in whole: of `1h` and `14d`. */
        before: z
          .strictObject({
            from: z.iso.datetime(),
            to: z.iso.datetime(),
            received: z.int(),
            delivered: z.int(),
            failed: z.int(),
            p95Ms: z.number().nullable(),
          })
          .nullable(),
        sources: z.array(
          z.strictObject({
            id: z.string(),
            name: z.string(),
            metadataId: z.string(),
            type: NamedType(),
            state: HealthState(),
            perMinute: z.number(),
            received: z.int(),
            lastSeenAt: z.iso.datetime().nullable(),
          }),
        ),
        destinations: z.array(
          z.strictObject({
            id: z.string(),
            name: z.string(),
            metadataId: z.string(),
            type: NamedType(),
            state: HealthState(),
            paused: z.boolean(),
          }),
        ),
        /** A destination has one source: an entry for each destination. */
        connections: z.array(
          z.strictObject({
            sourceId: z.string(),
            destinationId: z.string(),
            /** Sends that were planned, by minute. */
            perMinute: z.number(),
            delivered: z.int(),
            /** Sends that ended undelivered: discarded or dead-lettered. */
            failed: z.int(),
            /** Share of tries that failed, of the range. */
            failedShare: z.number(),
            p95Ms: z.number().nullable(),
          }),
        ),
        totals: z.strictObject({
          received: z.int(),
          delivered: z.int(),
          failed: z.int(),
          /** delivered / (delivered + failed); 1 where nothing ended. */
          deliveryRate: z.number(),
          /** Sources and destinations whose state is FAILING. */
          failing: z.int(),
          p95Ms: z.number().nullable(),
          /** Events that a tracking plan objects to; plans are not enforced yet. */
          violations: z.int(),
        }),
      }),
  }),
  listSourceStats: operation({
    method: 'GET',
    path: '/app-api/stats/sources',
    tag: 'Overview',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'visible' },
    summary: 'Last event and the last 24 hours of each source of a page.',
    query: () => z.strictObject({ sourceIds: queryList(z.string().max(64)).pipe(z.array(z.string()).max(STATS_MAX)) }),
    answer: () =>
      z.strictObject({
        asOf: z.iso.datetime(),
        stats: z.array(
          z.strictObject({
            sourceId: z.string(),
            state: HealthState(),
            /** receivedAt of its newest event of the last 15 days. */
            lastSeenAt: z.iso.datetime().nullable(),
            received: z.int(),
            /** Share of what came that was invalid. */
            failedShare: z.number(),
            series: Series(),
          }),
        ),
      }),
  }),
  listWriteKeyStats: operation({
    method: 'GET',
    path: '/app-api/stats/write-keys',
    tag: 'Overview',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.keys', of: 'source', param: 'sourceId', in: 'query' },
    summary:
      'When an event was last accepted with each live write key of a source, within 15 days: whether an old one may be revoked.',
    query: () => z.strictObject({ sourceId: z.string().max(64) }),
    answer: () =>
      z.strictObject({
        asOf: z.iso.datetime(),
        /** From here to `asOf` is known whether a key was used. */
        since: z.iso.datetime(),
        /** The oldest first. */
        stats: z
          .array(
            z.strictObject({
              writeKey: z.string(),
              /** receivedAt of the newest request that was accepted with it, or of an earlier one of the same minute. What was refused (limits, callers, tokens) is no use, nor is loading settings for a page. */
              lastUsedAt: z.iso.datetime().nullable(),
            }),
          )
          .max(WRITE_KEYS_PER_SOURCE_MAX),
      }),
  }),
  listDestinationStats: operation({
    method: 'GET',
    path: '/app-api/stats/destinations',
    tag: 'Overview',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.read', of: 'visible' },
    summary: 'Last delivery, share of failures and the last 24 hours of each destination of a page.',
    query: () =>
      z.strictObject({ destinationIds: queryList(z.string().max(64)).pipe(z.array(z.string()).max(STATS_MAX)) }),
    answer: () =>
      z.strictObject({
        asOf: z.iso.datetime(),
        stats: z.array(
          z.strictObject({
            destinationId: z.string(),
            state: HealthState(),
            /** Of the last 15 days. */
            lastDeliveredAt: z.iso.datetime().nullable(),
            lastFailedAt: z.iso.datetime().nullable(),
            delivered: z.int(),
            /** Sends that ended undelivered. */
            failed: z.int(),
            /** Share of tries that failed. */
            failedShare: z.number(),
            /** Deliveries. */
            series: Series(),
            failedSeries: Series(),
          }),
        ),
      }),
  }),
};
