import * as z from 'zod';
import { operation } from '../operation.ts';
import { queryList } from '../shape.ts';
import {
  DeliveryMetricsSummaryBeta,
  DeliveryOverviewDestinationFilterBy,
  DeliveryOverviewMetricsDataset,
  DeliveryOverviewSourceFilterBy,
  DeliveryOverviewSuccessfullyReceivedFilterBy,
  PaginationInput,
  PaginationOutput,
} from '../shapes.ts';

const granularity = () => z.enum(['DAY', 'HOUR', 'MINUTE']);

const overview = <Query extends z.ZodType>(path: string, query: () => Query) =>
  operation({
    method: 'GET',
    path,
    tag: 'Delivery Overview',
    stability: 'beta',
    effect: 'later',
    issue: 6,
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'query' },
    query,
    answer: () =>
      z.strictObject({
        total: z.number(),
        dataset: z.array(DeliveryOverviewMetricsDataset()),
        pagination: PaginationOutput(),
      }),
  });

/** Of a source: what came in, or what ended there. */
const ofSource = <Filter extends z.ZodType>(path: string, filter: () => Filter) =>
  overview(path, () =>
    z.strictObject({ sourceId: z.string(), ...rangeAndGroups(), filter: filter().optional(), ...page() }),
  );

/** Of one destination of a source. */
const atDestination = (path: string) =>
  overview(path, () =>
    z.strictObject({
      sourceId: z.string(),
      destinationConfigId: z.string(),
      ...rangeAndGroups(),
      filter: DeliveryOverviewDestinationFilterBy().optional(),
      ...page(),
    }),
  );

const rangeAndGroups = () => ({
  startTime: z.string(),
  endTime: z.string(),
  groupBy: queryList(z.string()).optional(),
  granularity: granularity(),
});
const page = () => ({ pagination: PaginationInput().optional() });

export const deliveryOperations = {
  listDeliveryMetricsSummaryFromDestination: operation({
    method: 'GET',
    path: '/destinations/{destinationId}/delivery-metrics',
    tag: 'Destinations',
    stability: 'beta',
    effect: 'later',
    issue: 6,
    access: { right: 'destination.read', of: 'destination', param: 'destinationId', in: 'path' },
    query: () =>
      z.strictObject({
        sourceId: z.string(),
        startTime: z.string().optional(),
        endTime: z.string().optional(),
        granularity: granularity().optional(),
      }),
    answer: () => z.strictObject({ deliveryMetricsSummary: DeliveryMetricsSummaryBeta() }),
  }),
  getEgressFailedMetricsFromDeliveryOverview: atDestination('/delivery-overview/failed-delivery'),
  getIngressFailedMetricsFromDeliveryOverview: ofSource(
    '/delivery-overview/failed-on-ingest',
    DeliveryOverviewSourceFilterBy,
  ),
  getFilteredAtDestinationMetricsFromDeliveryOverview: atDestination('/delivery-overview/filtered-at-destination'),
  getFilteredAtSourceMetricsFromDeliveryOverview: ofSource(
    '/delivery-overview/filtered-at-source',
    DeliveryOverviewSourceFilterBy,
  ),
  getEgressSuccessMetricsFromDeliveryOverview: atDestination('/delivery-overview/successful-delivery'),
  getIngressSuccessMetricsFromDeliveryOverview: ofSource(
    '/delivery-overview/successfully-received',
    DeliveryOverviewSuccessfullyReceivedFilterBy,
  ),
};
