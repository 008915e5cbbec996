import type { DeliveryWork } from '../../functions/api/resources/delivery-work.ts';
import type { DestinationDetail, DeliveryLine, SourceDetail, SourceLine, Step } from '../../shared/domain/detail.ts';
import { bucketAt, bucketsOf } from '../../shared/domain/delivery/buckets.ts';
import type { Digest } from '../../shared/domain/digest.ts';
import type { DeliverySample, ReasonSample } from '../../shared/ports/delivery-stores.ts';
import type { DetailRange } from '../../shared/ports/detail-reader.ts';

/** A line of a source that received so many events of a kind, all routed unless said otherwise. */
export const aSourceLine = (received: number, over: Partial<SourceLine> = {}): SourceLine => ({
  kind: ['track', 'Order Completed', '1.0'],
  received,
  invalid: {},
  duplicate: 0,
  suppressed: 0,
  blocked: {},
  routed: received,
  ...over,
});
/** A line of sends of one mapping, all delivered at their first try unless said otherwise. */
export const aDeliveryLine = (firstTry: number, over: Partial<DeliveryLine> = {}): DeliveryLine => ({
  mappingId: 'map_1',
  kind: ['track', 'Order Completed', '1.0'],
  firstTry,
  onRetry: 0,
  discarded: {},
  deadLettered: {},
  retry: 0,
  retried: 0,
  ...over,
});
export const aSourceDetail = (lines: SourceLine[], over: Partial<SourceDetail> = {}): SourceDetail => ({
  requests: 1,
  bytes: 100,
  lines,
  connections: {},
  ...over,
});
export const aDestinationDetail = (
  lines: DeliveryLine[],
  over: Partial<DestinationDetail> = {},
): DestinationDetail => ({ parts: 1, bytesOut: 100, lines, latency: [], errors: [], ...over });

/** Books, samples and digests in memory. What is put lies at a minute. `reads`: ranges that were asked for. */
export function fakeDelivery() {
  const sources: { id: string; at: string; detail: SourceDetail }[] = [];
  const destinations: { id: string; at: string; detail: DestinationDetail }[] = [];
  const reads: string[] = [];
  const samples: DeliverySample[] = [];
  const reasons: (ReasonSample & { sourceId: string; reason: string; destinationId?: string })[] = [];
  const digests = new Map<string, Digest>();
  const waiting = new Map<string, number>();

  const stepsOf = <T>(items: readonly { id: string; at: string; detail: T }[], id: string, range: DetailRange) => {
    reads.push(`${id} ${range.step}`);
    const buckets = bucketsOf(Date.parse(range.from), Date.parse(range.to), range.step);
    return items.flatMap(({ id: own, at, detail }): Step<T>[] => {
      if (own !== id || at < buckets.from || at >= buckets.to) return [];
      const bucket = bucketAt(buckets, at) ?? 0;
      return [{ from: buckets.starts[bucket] ?? '', to: buckets.starts[bucket + 1] ?? buckets.to, detail }];
    });
  };
  const within = (at: string, { from, to }: { from: string; to: string }): boolean => at >= from && at < to;

  const work: DeliveryWork = {
    details: {
      source: async (id, range) => stepsOf(sources, id, range),
      destination: async (id, range) => stepsOf(destinations, id, range),
    },
    waiting: async ({ id }) => waiting.get(id) ?? 0,
    samples: {
      ofCode: async (id, code, range, limit) =>
        samples
          .filter((one) => one.destinationId === id && one.code === code && within(one.at, range))
          .toSorted((a, b) => (a.at < b.at ? 1 : -1))
          .slice(0, limit),
    },
    reasonSamples: {
      list: async (id, { reason, destinationId }, range, limit) =>
        reasons
          .filter(
            (one) =>
              one.sourceId === id &&
              one.reason === reason &&
              one.destinationId === destinationId &&
              within(one.at, range),
          )
          .slice(0, limit)
          .map(({ messageId, at, event }) => ({ messageId, at, event })),
    },
    digests: {
      minutes: async () => new Map(),
      hours: async (_workspace, from, to) => new Map([...digests].filter(([hour]) => hour >= from && hour <= to)),
      asOf: async () => undefined,
    },
  };
  return {
    deps: { delivery: async () => work },
    work,
    reads,
    samples,
    reasons,
    digests,
    waiting,
    source: (at: string, detail: SourceDetail, id = 'src_1') => sources.push({ id, at, detail }),
    destination: (at: string, detail: DestinationDetail, id = 'dst_1') => destinations.push({ id, at, detail }),
  };
}
