import type { DeliveryOverviewMetricsDataset } from '../../../shared/api/shapes.ts';
import { addCounts, addLatency, percentileMs, total } from '../../../shared/domain/books.ts';
import type { Counts } from '../../../shared/domain/ledger-rows.ts';
import type { DeliveryLine } from '../../../shared/domain/detail.ts';
import { bucketed } from '../../../shared/domain/delivery/buckets-of-details.ts';
import {
  type Bucketed,
  type CellFilter,
  type Dimension,
  type Group,
  seriesOf,
} from '../../../shared/domain/delivery/groups.ts';
import type { Buckets } from '../../../shared/domain/delivery/buckets.ts';
import {
  type DeliveryStep,
  deliveryCells,
  filteredCells,
  FIRST_ATTEMPT,
  LATER_ATTEMPTS,
  linesOfConnection,
  type SourceStep,
  sourceCells,
} from '../../../shared/domain/delivery/steps.ts';
import type { DetailRange } from '../../../shared/ports/detail-reader.ts';
import type * as z from 'zod';
import { invalid, notFound } from '../http/api-fault.ts';
import type { PageInput } from '../http/pages.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { type AskedRange, askedBuckets, METRICS_RULES, OVERVIEW_RULES, readWithin } from '../resources/asked-range.ts';
import { dimensionsOf, filterOf, groupPage } from '../resources/cell-groups.ts';
import { beginOf, destinationIn, type FoundDestination, mappingIn, sourceIn } from '../resources/find-things.ts';

const OF_KIND = ['eventName', 'eventType', 'appVersion'] as const satisfies readonly Dimension[];
const OF_DISCARDS = [...OF_KIND, 'discardReason'] as const satisfies readonly Dimension[];
const OF_SENDS = [...OF_DISCARDS, 'subscriptionId'] as const satisfies readonly Dimension[];
const DAY_MS = 86_400_000;

type Asked = AskedRange & {
  sourceId: string;
  groupBy?: string[] | undefined;
  filter?: Readonly<Record<string, string[] | undefined>> | undefined;
  pagination?: PageInput | undefined;
};
type AskedAtDestination = Asked & { destinationConfigId: string; subscriptionId?: string | undefined };
/** One step: its cells in the buckets of the range, and what they can be told apart by. */
type Step = {
  name: string;
  what: string;
  dimensions: readonly Dimension[];
  read: (range: DetailRange, buckets: Buckets) => Promise<Bucketed[]>;
};

export const deliveryOverviewHandlers: HandlersOf<
  | 'getIngressSuccessMetricsFromDeliveryOverview'
  | 'getIngressFailedMetricsFromDeliveryOverview'
  | 'getFilteredAtSourceMetricsFromDeliveryOverview'
  | 'getFilteredAtDestinationMetricsFromDeliveryOverview'
  | 'getEgressFailedMetricsFromDeliveryOverview'
  | 'getEgressSuccessMetricsFromDeliveryOverview'
  | 'listDeliveryMetricsSummaryFromDestination'
> = {
  getIngressSuccessMetricsFromDeliveryOverview: async (request, { query }) =>
    await ofSource(request, query, 'SUCCESSFULLY_RECEIVED', OF_KIND),

  getIngressFailedMetricsFromDeliveryOverview: async (request, { query }) =>
    await ofSource(request, query, 'FAILED_ON_INGEST', OF_DISCARDS),

  getFilteredAtSourceMetricsFromDeliveryOverview: async (request, { query }) =>
    await ofSource(request, query, 'FILTERED_AT_SOURCE', OF_DISCARDS),

  getFilteredAtDestinationMetricsFromDeliveryOverview: async (request, { query }) => {
    const { destination, source } = await destinationOf(request, query);
    // An event that is filtered here has no subscription: one that is named narrows the steps after this one.
    return await answered(
      request,
      { ...query, filter: query.filter },
      {
        name: `delivery FILTERED_AT_DESTINATION ${destination.id}`,
        what: 'What is filtered at a destination',
        dimensions: OF_DISCARDS,
        read: async (range, buckets) => {
          const { details } = await request.deps.delivery();
          const steps = await details.source(source.id, { ...range, since: source.createdAt });
          return bucketed(steps, buckets, ({ connections }) =>
            filteredCells(linesOfConnection(connections, destination.id)),
          );
        },
      },
    );
  },

  getEgressFailedMetricsFromDeliveryOverview: async (request, { query }) =>
    await ofSends(request, query, 'FAILED_DELIVERY'),

  getEgressSuccessMetricsFromDeliveryOverview: async (request, { query }) =>
    await ofSends(request, query, 'SUCCESSFUL_DELIVERY'),

  /** The original names no metrics; these are its words for outcomes, with what they are made of. */
  listDeliveryMetricsSummaryFromDestination: async (request, { path, query }) => {
    const found = destinationIn(await request.config(), path['destinationId']);
    if (found.source.id !== query.sourceId) throw notFound('source', query.sourceId);
    const nowMs = request.now().getTime();
    const { granularity = 'HOUR', endTime = new Date(nowMs).toISOString() } = query;
    const endMs = Date.parse(endTime);
    const startTime =
      query.startTime ?? new Date((Number.isNaN(endMs) ? nowMs : endMs) - lengthOf(granularity)).toISOString();
    const { from, to, unit } = askedBuckets({ startTime, endTime, granularity }, METRICS_RULES, nowMs);
    const { details } = await request.deps.delivery();
    const metadata = await request.deps.catalog.get(found.destination.type);
    const steps = await readWithin('startTime', () =>
      details.destination(found.destination.id, { from, to, step: unit, since: beginOf(found) }),
    );
    const lines = steps.flatMap(({ detail }) => detail.lines);
    const latency = steps.map(({ detail }) => detail.latency).reduce(addLatency, []);
    return {
      deliveryMetricsSummary: {
        sourceId: found.source.id,
        destinationMetadataId: metadata?.id ?? found.destination.type,
        metrics: metricsOf(lines, percentileMs(latency, P95)),
      },
    };
  },
};

const P95 = 0.95;
const lengthOf = (granularity: AskedRange['granularity']): number => (granularity === 'MINUTE' ? DAY_MS / 6 : DAY_MS);

function metricsOf(lines: readonly DeliveryLine[], p95Ms: number | undefined) {
  const sumOf = (pick: (line: DeliveryLine) => number): number => lines.reduce((sum, line) => sum + pick(line), 0);
  const codesOf = (pick: (line: DeliveryLine) => Counts): Counts => lines.map(pick).reduce(addCounts, {});
  const firstTry = sumOf((line) => line.firstTry);
  const onRetry = sumOf((line) => line.onRetry);
  const byCode = (metricName: string, counts: Counts) => ({
    metricName,
    total: total(counts),
    breakdown: Object.entries(counts).map(([code, value]) => ({ metricName: `${metricName}.${code}`, value })),
  });
  return [
    {
      metricName: 'successes',
      total: firstTry + onRetry,
      breakdown: [
        { metricName: FIRST_ATTEMPT, value: firstTry },
        { metricName: LATER_ATTEMPTS, value: onRetry },
      ],
    },
    byCode(
      'discarded',
      codesOf((line) => line.discarded),
    ),
    byCode(
      'expired',
      codesOf((line) => line.deadLettered),
    ),
    { metricName: 'retried', total: sumOf(({ retry, untried = 0 }) => retry - untried) },
    ...(p95Ms === undefined || !Number.isFinite(p95Ms) ? [] : [{ metricName: 'latency.p95', total: p95Ms }]),
  ];
}

async function ofSource(request: ApiRequest, query: Asked, step: SourceStep, dimensions: readonly Dimension[]) {
  const source = sourceIn(await request.config(), query.sourceId);
  return await answered(request, query, {
    name: `delivery ${step} ${source.id}`,
    what: step === 'SUCCESSFULLY_RECEIVED' ? 'What was received' : 'What ended at its source',
    dimensions,
    read: async (range, buckets) => {
      const { details } = await request.deps.delivery();
      const steps = await details.source(source.id, { ...range, since: source.createdAt });
      return bucketed(steps, buckets, ({ lines }) => sourceCells(step, lines));
    },
  });
}

async function ofSends(request: ApiRequest, query: AskedAtDestination, step: DeliveryStep) {
  const found = await destinationOf(request, query);
  const { destination } = found;
  const since = beginOf(found);
  const { subscriptionId, filter } = query;
  if (subscriptionId !== undefined && filter?.['subscriptionId']?.includes(subscriptionId) === false) {
    throw invalid({ field: 'subscriptionId', message: 'It is none of those that the filter names.' });
  }
  const narrowed = subscriptionId === undefined ? filter : { ...filter, subscriptionId: [subscriptionId] };
  return await answered(
    request,
    { ...query, filter: narrowed },
    {
      name: `delivery ${step} ${destination.id}`,
      what: 'What was sent',
      dimensions: OF_SENDS,
      read: async (range, buckets) => {
        const { details } = await request.deps.delivery();
        const steps = await details.destination(destination.id, { ...range, since });
        return bucketed(steps, buckets, ({ lines }) => deliveryCells(step, lines));
      },
    },
  );
}

/** Throws ApiFault 404 where it is no destination of that source, or the subscription none of its. */
async function destinationOf(request: ApiRequest, query: AskedAtDestination): Promise<FoundDestination> {
  const found = destinationIn(await request.config(), query.destinationConfigId);
  if (found.source.id !== query.sourceId) throw notFound('destination', query.destinationConfigId);
  if (query.subscriptionId !== undefined) mappingIn(found, query.subscriptionId);
  return found;
}

async function answered(request: ApiRequest, query: Asked, step: Step) {
  const by = dimensionsOf(query.groupBy, step.dimensions, step.what);
  const filter: CellFilter = filterOf(query.filter, step.dimensions, step.what);
  refuseAttempts(filter);
  const { unit, ...buckets } = askedBuckets(query, OVERVIEW_RULES, request.now().getTime());
  const { from, to, starts } = buckets;
  const cells = await readWithin('startTime', () => step.read({ from, to, step: unit }, buckets));
  const list = { name: `${step.name} ${by.join()}`, cells, buckets: starts.length, by, filter };
  const { total: sum, groups, pagination } = await groupPage(request, list, query.pagination);
  return { total: sum, dataset: groups.map((group) => datasetOf(group, starts)), pagination };
}

/** Books tell the first try from all later ones. Throws ApiFault 422 for one of the later: another number would be wrong. */
function refuseAttempts({ discardReason = [] }: CellFilter): void {
  const unknown = discardReason.find((reason) => /^successes\.attempt\.(?:[2-9]|\d{2,})$/.test(reason));
  if (unknown === undefined) return;
  const message = `Deliveries are counted as ${FIRST_ATTEMPT} or ${LATER_ATTEMPTS}: which later try it was is not kept.`;
  throw invalid({ field: 'filter.discardReason', message });
}

function datasetOf(group: Group, starts: readonly string[]): Dataset {
  const { values, total: sum } = group;
  const named = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  return {
    ...named,
    total: sum.count,
    ...(sum.retries > 0 && { totalRetryCount: sum.retries }),
    series: seriesOf(group, starts.length).map(({ count, retries }, bucket) => ({
      time: starts[bucket] ?? '',
      count,
      ...(retries > 0 && { retryCount: retries }),
    })),
  };
}
type Dataset = z.output<ReturnType<typeof DeliveryOverviewMetricsDataset>>;
