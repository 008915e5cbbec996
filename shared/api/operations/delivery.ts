import * as z from 'zod';
import { operation } from '../operation.ts';
import { anyCase, queryList } from '../shape.ts';
import {
  DeliveryMetricsSummaryBeta,
  DeliveryOverviewDestinationFilterBy,
  DeliveryOverviewMetricsDataset,
  DeliveryOverviewSourceFilterBy,
  DeliveryOverviewSuccessfullyReceivedFilterBy,
  PaginationInput,
  PaginationOutput,
} from '../shapes.ts';

/** 47.0.0 of the official library sends small letters, 73.2.0 capitals. */
const granularity = () => anyCase(['DAY', 'HOUR', 'MINUTE']);

const overview = <Query extends z.ZodType>(path: string, summary: string, query: () => Query) =>
  operation({
    method: 'GET',
    path,
    tag: 'Delivery Overview',
    stability: 'beta',
    effect: 'works',
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'query' },
    summary,
    query,
    answer: () =>
      z.strictObject({
        total: z.number(),
        dataset: z.array(DeliveryOverviewMetricsDataset()),
        pagination: PaginationOutput(),
      }),
  });

/** Of a source: what came in, or what ended there. */
const ofSource = <Filter extends z.ZodType>(path: string, summary: string, filter: () => Filter) =>
  overview(path, summary, () =>
    z.strictObject({ sourceId: z.string(), ...rangeAndGroups(), filter: filter().optional(), ...page() }),
  );

/** Of one destination of a source. */
const atDestination = (path: string, summary: string) =>
  overview(path, summary, () =>
    z.strictObject({
      sourceId: z.string(),
      destinationConfigId: z.string(),
      ...rangeAndGroups(),
      filter: DeliveryOverviewDestinationFilterBy().optional(),
      /** As 47.0.0 of the official library names one subscription. */
      subscriptionId: z.string().max(64).optional(),
      ...page(),
    }),
  );

const rangeAndGroups = () => ({
  startTime: z.string().max(64),
  endTime: z.string().max(64),
  groupBy: queryList(z.string().max(64)).optional(),
  granularity: granularity(),
});
const page = () => ({ pagination: PaginationInput().optional() });

export const deliveryOperations = {
  listDeliveryMetricsSummaryFromDestination: operation({
    method: 'GET',
    path: '/destinations/{destinationId}/delivery-metrics',
    tag: 'Destinations',
    stability: 'beta',
    effect: 'works',
    access: { right: 'destination.read', of: 'destination', param: 'destinationId', in: 'path' },
    summary: 'What became of the sends of a destination, in sums; of the last day where no time is given.',
    query: () =>
      z.strictObject({
        sourceId: z.string(),
        startTime: z.string().max(64).optional(),
        endTime: z.string().max(64).optional(),
        granularity: granularity().optional(),
      }),
    answer: () => z.strictObject({ deliveryMetricsSummary: DeliveryMetricsSummaryBeta() }),
  }),
  getEgressFailedMetricsFromDeliveryOverview: atDestination(
    '/delivery-overview/failed-delivery',
    'Sends that a tool refused for good or that were given up, by code; retries are tries that failed and go on.',
  ),
  getIngressFailedMetricsFromDeliveryOverview: ofSource(
    '/delivery-overview/failed-on-ingest',
    'Events that were none: by what was wrong with them.',
    DeliveryOverviewSourceFilterBy,
  ),
  getFilteredAtDestinationMetricsFromDeliveryOverview: atDestination(
    '/delivery-overview/filtered-at-destination',
    'Routed events of which a destination gets nothing, by reason.',
  ),
  getFilteredAtSourceMetricsFromDeliveryOverview: ofSource(
    '/delivery-overview/filtered-at-source',
    'Events that ended at their source: blocked by its schema, repeats, and those of suppressed users.',
    DeliveryOverviewSourceFilterBy,
  ),
  getEgressSuccessMetricsFromDeliveryOverview: atDestination(
    '/delivery-overview/successful-delivery',
    'Sends that a tool has taken; retries are those that took more than one try.',
  ),
  getIngressSuccessMetricsFromDeliveryOverview: ofSource(
    '/delivery-overview/successfully-received',
    'Events of a source that were well formed.',
    DeliveryOverviewSuccessfullyReceivedFilterBy,
  ),
};
