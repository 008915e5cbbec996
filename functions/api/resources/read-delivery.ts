import { addLatency, percentileMs } from '../../../shared/domain/books.ts';
import type { DeliveryLine, DestinationDetail, SourceDetail, Step } from '../../../shared/domain/detail.ts';
import { bucketAt } from '../../../shared/domain/delivery/buckets.ts';
import { bucketed } from '../../../shared/domain/delivery/buckets-of-details.ts';
import type { CellFilter } from '../../../shared/domain/delivery/groups.ts';
import { type Period, stepView } from '../../../shared/domain/delivery/step-view.ts';
import {
  type Cell,
  deliveryCells,
  filteredCells,
  linesOfConnection,
  SOURCE_STEPS,
  sourceCells,
} from '../../../shared/domain/delivery/steps.ts';
import { beginOf, type FoundDestination } from './find-things.ts';
import type { DeliveryWork } from './delivery-work.ts';
import type { PageBuckets } from './page-range.ts';

type Ranges = { now: PageBuckets; before: PageBuckets };
type Read<T> = { now: Step<T>[]; before: Step<T>[] };

/** Routed events that a tool cannot take at all, or that nobody wants there: what the original calls unsupported (G02). */
const UNSUPPORTED: readonly string[] = ['UNSUPPORTED_EVENT_TYPE', 'NO_MATCHING_MAPPING'];

/** The steps of a source. Two reads of its details. */
export async function readSourceDelivery(
  { details }: DeliveryWork,
  { id, createdAt }: FoundDestination['source'],
  ranges: Ranges,
  asOf: string,
) {
  const read = await inBoth(ranges, (range) => details.source(id, { ...range, since: createdAt }));
  return pageOf(ranges, asOf, read, sourceSteps(read, ranges, asOf));
}

/** The steps of a destination with those of its source: four reads of details, and its books for what waits. */
export async function readDestinationDelivery(
  work: DeliveryWork,
  { destination, source }: Pick<FoundDestination, 'destination' | 'source'>,
  { ranges, subscriptionId, asOf }: { ranges: Ranges; subscriptionId: string | undefined; asOf: string },
) {
  const { details } = work;
  const [ofSource, ofSends, pendingRetries] = await Promise.all([
    inBoth(ranges, (range) => details.source(source.id, { ...range, since: source.createdAt })),
    inBoth(ranges, (range) =>
      details.destination(destination.id, { ...range, since: beginOf({ destination, source }) }),
    ),
    work.waiting(destination),
  ]);
  const received = receivedIn(ofSource);
  const filter: CellFilter = subscriptionId === undefined ? {} : { subscriptionId: [subscriptionId] };
  const errors = ofSends.now.flatMap(({ detail }) => detail.errors);
  const filtered = stepView({
    ...periods(ofSource, ranges, received, ({ connections }) =>
      filteredCells(linesOfConnection(connections, destination.id)),
    ),
    buckets: ranges.now,
    asOf,
  });
  const sent = (step: 'FAILED_DELIVERY' | 'SUCCESSFUL_DELIVERY') =>
    periods(ofSends, ranges, received, ({ lines }) => deliveryCells(step, lines));
  const shown = { buckets: ranges.now, filter, asOf };
  const failed = stepView({ ...sent('FAILED_DELIVERY'), ...shown, errors });
  const delivered = stepView({ ...sent('SUCCESSFUL_DELIVERY'), ...shown });
  const unsupported = filtered.discards
    .filter(({ reason }) => UNSUPPORTED.includes(reason))
    .reduce((sum, { count }) => sum + count, 0);
  return {
    ...pageOf(ranges, asOf, ofSource, [
      ...sourceSteps(ofSource, ranges, asOf),
      { step: 'FILTERED_AT_DESTINATION' as const, unit: 'EVENTS' as const, ...filtered },
      { step: 'FAILED_DELIVERY' as const, unit: 'SENDS' as const, ...failed },
      // What was delivered has no reason to be looked into.
      { step: 'SUCCESSFUL_DELIVERY' as const, unit: 'SENDS' as const, ...delivered, discards: [], discardsLeftOut: 0 },
    ]),
    delivery: {
      ...deliveryOf(ofSends.now, ranges.now, subscriptionId),
      failed: failed.count,
      unsupported,
      pendingRetries,
    },
  };
}

async function inBoth<T>(
  { now, before }: Ranges,
  read: (range: { from: string; to: string; step: PageBuckets['unit'] }) => Promise<Step<T>[]>,
): Promise<Read<T>> {
  const rangeOf = ({ from, to, unit }: PageBuckets) => ({ from, to, step: unit });
  const [stepsNow, stepsBefore] = await Promise.all([read(rangeOf(now)), read(rangeOf(before))]);
  return { now: stepsNow, before: stepsBefore };
}

const receivedIn = ({ now, before }: Read<SourceDetail>): { now: number; before: number } => {
  const sumOf = (steps: readonly Step<SourceDetail>[]): number =>
    steps.reduce((sum, { detail }) => sum + detail.lines.reduce((all, { received }) => all + received, 0), 0);
  return { now: sumOf(now), before: sumOf(before) };
};

function periods<T>(
  read: Read<T>,
  ranges: Ranges,
  received: { now: number; before: number },
  cellsOf: (detail: T) => Cell[],
): { now: Period; before: Period } {
  return {
    now: { cells: bucketed(read.now, ranges.now, cellsOf), received: received.now },
    before: { cells: bucketed(read.before, ranges.before, cellsOf), received: received.before },
  };
}

const sourceSteps = (read: Read<SourceDetail>, ranges: Ranges, asOf: string) =>
  SOURCE_STEPS.map((step) => ({
    step,
    unit: 'EVENTS' as const,
    ...stepView({
      ...periods(read, ranges, receivedIn(read), ({ lines }) => sourceCells(step, lines)),
      buckets: ranges.now,
      asOf,
    }),
  }));

const pageOf = <S>({ now, before }: Ranges, asOf: string, read: Read<SourceDetail>, steps: S[]) => ({
  asOf,
  from: now.from,
  to: now.to,
  previous: { from: before.from, to: before.to },
  starts: [...now.starts],
  received: receivedIn(read).now,
  steps,
});

const P95 = 0.95;

/** What was delivered, by try, and how long it took. The histogram is of the destination as a whole: parts do not tell it by subscription. */
function deliveryOf(
  steps: readonly Step<DestinationDetail>[],
  buckets: PageBuckets,
  subscriptionId: string | undefined,
) {
  const zeros = (): number[] => buckets.starts.map(() => 0);
  const firstTrySeries = zeros();
  const onRetrySeries = zeros();
  const retrySeries = zeros();
  const latencies: number[][] = buckets.starts.map(() => []);
  const isShown = ({ mappingId }: DeliveryLine): boolean =>
    subscriptionId === undefined || mappingId === subscriptionId;
  for (const { from, detail } of steps) {
    const bucket = bucketAt(buckets, from);
    if (bucket === undefined) continue;
    latencies[bucket] = addLatency(latencies[bucket] ?? [], detail.latency);
    for (const { firstTry, onRetry, retry, untried = 0 } of detail.lines.filter(isShown)) {
      firstTrySeries[bucket] = (firstTrySeries[bucket] ?? 0) + firstTry;
      onRetrySeries[bucket] = (onRetrySeries[bucket] ?? 0) + onRetry;
      retrySeries[bucket] = (retrySeries[bucket] ?? 0) + retry - untried;
    }
  }
  const sum = (series: readonly number[]): number => series.reduce((all, value) => all + value, 0);
  return {
    firstTry: sum(firstTrySeries),
    onRetry: sum(onRetrySeries),
    p95Ms: p95Of(latencies.reduce(addLatency, [])),
    p95Series: latencies.map(p95Of),
    firstTrySeries,
    onRetrySeries,
    retrySeries,
  };
}

/** Null where nothing was delivered, and where it took longer than the last bucket says. */
function p95Of(latency: readonly number[]): number | null {
  const ms = percentileMs(latency, P95);
  return ms === undefined || !Number.isFinite(ms) ? null : ms;
}
