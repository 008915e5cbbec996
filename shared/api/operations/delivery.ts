import * as z from 'zod';
import { operation } from '../operation.ts';
import { queryList } from '../shape.ts';
import {
  DeliveryMetricsSummaryBeta,
  DeliveryOverviewMetricsDataset,
  PaginationInput,
  PaginationOutput,
  DeliveryOverviewDestinationFilterBy,
  DeliveryOverviewSourceFilterBy,
  DeliveryOverviewSuccessfullyReceivedFilterBy,
} from '../shapes.ts';

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
        granularity: z.enum(['DAY', 'HOUR', 'MINUTE']).optional(),
      }),
    answer: () => z.strictObject({ deliveryMetricsSummary: DeliveryMetricsSummaryBeta() }),
  }),
  getEgressFailedMetricsFromDeliveryOverview: operation({
    method: 'GET',
    path: '/delivery-overview/failed-delivery',
    tag: 'Delivery Overview',
    stability: 'beta',
    effect: 'later',
    issue: 6,
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'query' },
    query: () =>
      z.strictObject({
        sourceId: z.string(),
        destinationConfigId: z.string(),
        startTime: z.string(),
        endTime: z.string(),
        groupBy: queryList(z.string()).optional(),
        granularity: z.enum(['DAY', 'HOUR', 'MINUTE']),
        filter: DeliveryOverviewDestinationFilterBy().optional(),
        pagination: PaginationInput().optional(),
      }),
    answer: () =>
      z.strictObject({
        total: z.number(),
        dataset: z.array(DeliveryOverviewMetricsDataset()),
        pagination: PaginationOutput(),
      }),
  }),
  getIngressFailedMetricsFromDeliveryOverview: operation({
    method: 'GET',
    path: '/delivery-overview/failed-on-ingest',
    tag: 'Delivery Overview',
    stability: 'beta',
    effect: 'later',
    issue: 6,
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'query' },
    query: () =>
      z.strictObject({
        sourceId: z.string(),
        startTime: z.string(),
        endTime: z.string(),
        groupBy: queryList(z.string()).optional(),
        granularity: z.enum(['DAY', 'HOUR', 'MINUTE']),
        filter: DeliveryOverviewSourceFilterBy().optional(),
        pagination: PaginationInput().optional(),
      }),
    answer: () =>
      z.strictObject({
        total: z.number(),
        dataset: z.array(DeliveryOverviewMetricsDataset()),
        pagination: PaginationOutput(),
      }),
  }),
  getFilteredAtDestinationMetricsFromDeliveryOverview: operation({
    method: 'GET',
    path: '/delivery-overview/filtered-at-destination',
    tag: 'Delivery Overview',
    stability: 'beta',
    effect: 'later',
    issue: 6,
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'query' },
    query: () =>
      z.strictObject({
        sourceId: z.string(),
        destinationConfigId: z.string(),
        startTime: z.string(),
        endTime: z.string(),
        groupBy: queryList(z.string()).optional(),
        granularity: z.enum(['DAY', 'HOUR', 'MINUTE']),
        filter: DeliveryOverviewDestinationFilterBy().optional(),
        pagination: PaginationInput().optional(),
      }),
    answer: () =>
      z.strictObject({
        total: z.number(),
        dataset: z.array(DeliveryOverviewMetricsDataset()),
        pagination: PaginationOutput(),
      }),
  }),
  getFilteredAtSourceMetricsFromDeliveryOverview: operation({
    method: 'GET',
    path: '/delivery-overview/filtered-at-source',
    tag: 'Delivery Overview',
    stability: 'beta',
    effect: 'later',
    issue: 6,
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'query' },
    query: () =>
      z.strictObject({
        sourceId: z.string(),
        startTime: z.string(),
        endTime: z.string(),
        groupBy: queryList(z.string()).optional(),
        granularity: z.enum(['DAY', 'HOUR', 'MINUTE']),
        filter: DeliveryOverviewSourceFilterBy().optional(),
        pagination: PaginationInput().optional(),
      }),
    answer: () =>
      z.strictObject({
        total: z.number(),
        dataset: z.array(DeliveryOverviewMetricsDataset()),
        pagination: PaginationOutput(),
      }),
  }),
  getEgressSuccessMetricsFromDeliveryOverview: operation({
    method: 'GET',
    path: '/delivery-overview/successful-delivery',
    tag: 'Delivery Overview',
    stability: 'beta',
    effect: 'later',
    issue: 6,
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'query' },
    query: () =>
      z.strictObject({
        sourceId: z.string(),
        destinationConfigId: z.string(),
        startTime: z.string(),
        endTime: z.string(),
        groupBy: queryList(z.string()).optional(),
        granularity: z.enum(['DAY', 'HOUR', 'MINUTE']),
        filter: DeliveryOverviewDestinationFilterBy().optional(),
        pagination: PaginationInput().optional(),
      }),
    answer: () =>
      z.strictObject({
        total: z.number(),
        dataset: z.array(DeliveryOverviewMetricsDataset()),
        pagination: PaginationOutput(),
      }),
  }),
  getIngressSuccessMetricsFromDeliveryOverview: operation({
    method: 'GET',
    path: '/delivery-overview/successfully-received',
    tag: 'Delivery Overview',
    stability: 'beta',
    effect: 'later',
    issue: 6,
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'query' },
    query: () =>
      z.strictObject({
        sourceId: z.string(),
        startTime: z.string(),
        endTime: z.string(),
        groupBy: queryList(z.string()).optional(),
        granularity: z.enum(['DAY', 'HOUR', 'MINUTE']),
        filter: DeliveryOverviewSuccessfullyReceivedFilterBy().optional(),
        pagination: PaginationInput().optional(),
      }),
    answer: () =>
      z.strictObject({
        total: z.number(),
        dataset: z.array(DeliveryOverviewMetricsDataset()),
        pagination: PaginationOutput(),
      }),
  }),
};
