import { total } from '../../../shared/domain/books.ts';
import type { Digest } from '../../../shared/domain/digest.ts';
import {
  type DigestParts,
  digestOf,
  noDestinationDigest,
  noParts,
  sumParts,
} from '../../../shared/domain/digest-sums.ts';
import { ENVIRONMENT_KEY } from '../../../shared/domain/environment.ts';
import { healthOf, receiptsOf, shareOf, triesOf } from '../../../shared/domain/health-state.ts';
import { hourOf, hourPlus, minuteOf, minutePlus } from '../../../shared/domain/timestamp.ts';
import type { Destination, Source, WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { UNTOLD_KEY } from '../../../shared/domain/key-tags.ts';
import { writeKeyTag } from '../../../shared/aws/secret-texts.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import type { Snapshot } from '../live-numbers.ts';
import { sourceIn } from '../resources/find-things.ts';
import { keysOf, targetOf, typeOf } from '../resources/source-views.ts';
import { countedIn, p95Of, seriesOver } from './overview-series.ts';

const RANGES = { '10m': 10, '1h': 60, '24h': 24 * 60, '7d': 7 * 24 * 60, '14d': 14 * 24 * 60 } as const;
type Range = keyof typeof RANGES;
/** Failures are judged by the share of so many hours before the range. */
const USUAL_HOURS = 7 * 24;
/** Hours are kept 15 days. */
const OLDEST_HOURS = 15 * 24;
const STATS_HOURS = 24;
/** Steps of the series of a range. */
const STEP_MINUTES: Readonly<Record<Range, number>> = { '10m': 1, '1h': 1, '24h': 60, '7d': 6 * 60, '14d': 12 * 60 };
/** Ranges whose time before is kept in whole: minutes are for the last hour only, hours for 15 days. */
const COMPARED: ReadonlySet<Range> = new Set(['10m', '24h', '7d']);

export const overviewHandlers: HandlersOf<
  'getOverview' | 'listSourceStats' | 'listDestinationStats' | 'listWriteKeyStats'
> = {
  getOverview: async (request, { query }) => {
    const range = query.range ?? '1h';
    const [config, visible] = await Promise.all([request.config(), request.visibleSources('source.read')]);
    const sources = visible.filter(({ labels }) => isIn(query.environment, labels));
    const snapshot = await request.deps.live(request.workspaceId, oldestOf(request, range));
    const { from, digest, usual } = numbersOf(snapshot, range);
    const minutes = Math.max(1, (Date.parse(snapshot.now) - Date.parse(from)) / 60_000);
    const perMinute = (count: number): number => Number((count / minutes).toFixed(2));
    const destinations = visibleDestinations(request, config, sources);

    const sourceNodes = sources.map((source) => {
      const own = digest.sources[source.id];
      return {
        id: source.id,
        name: source.name,
        metadataId: typeOf(source).id,
        type: namedType(typeOf(source)),
        state: healthOf(source.enabled, receiptsOf(own), receiptsOf(usual.sources[source.id])),
        perMinute: perMinute(own?.received ?? 0),
        received: own?.received ?? 0,
        lastSeenAt: own?.lastAt ?? usual.sources[source.id]?.lastAt ?? null,
      };
    });
    const types = await Promise.all(destinations.map(({ type }) => request.deps.catalog.get(type)));
    const destinationNodes = destinations.map((destination, index) => ({
      id: destination.id,
      name: destination.name,
      metadataId: types[index]?.id ?? destination.type,
      type: namedType(types[index] ?? { slug: destination.type, name: destination.name }),
      state: stateOf(destination, digest, usual),
      paused: destination.paused !== undefined,
    }));
    const connections = destinations.map(({ id, sourceId }) => {
      const own = digest.destinations[id] ?? noDestinationDigest();
      return {
        sourceId,
        destinationId: id,
        perMinute: perMinute(own.sends),
        delivered: own.delivered,
        failed: total(own.discarded) + total(own.deadLettered),
        failedShare: shareOf(triesOf(own)),
        p95Ms: p95Of(own.latency),
      };
    });
    const delivered = sumOf(connections, (each) => each.delivered);
    const failed = sumOf(connections, (each) => each.failed);
    const latency = destinations.reduce(
      (sum, { id }) => sum.map((count, bucket) => count + (digest.destinations[id]?.latency[bucket] ?? 0)),
      noDestinationDigest().latency,
    );
    const seen = { sources: sources.map(({ id }) => id), destinations: destinations.map(({ id }) => id) };
    const begin = minuteOf(from);
    const beforeBegin = minutePlus(begin, -RANGES[range]);
    const steps = seriesOver(
      snapshot,
      { from: begin, before: minutePlus(minuteOf(snapshot.now), 1) },
      STEP_MINUTES[range],
      seen,
    );
    return {
      asOf: snapshot.asOf,
      from,
      to: snapshot.now,
      series: {
        stepSeconds: STEP_MINUTES[range] * 60,
        received: steps.map((step) => step.received),
        delivered: steps.map((step) => step.delivered),
        failed: steps.map((step) => step.failed),
        p95Ms: steps.map((step) => step.p95Ms),
      },
      before: COMPARED.has(range)
        ? {
            from: `${beforeBegin}:00.000Z`,
            to: from,
            ...countedIn(snapshot, { from: beforeBegin, before: begin }, seen),
          }
        : null,
      sources: sourceNodes,
      destinations: destinationNodes,
      connections,
      totals: {
        received: sumOf(sourceNodes, (each) => each.received),
        delivered,
        failed,
        deliveryRate: delivered + failed === 0 ? 1 : delivered / (delivered + failed),
        failing: [...sourceNodes, ...destinationNodes].filter(({ state }) => state === 'FAILING').length,
        p95Ms: p95Of(latency),
        violations: 0,
      },
    };
  },

  listSourceStats: async (request, { query }) => {
    const asked = new Set(query.sourceIds);
    const sources = (await request.visibleSources('source.read')).filter(({ id }) => asked.has(id));
    const { snapshot, hours, day, usual, ever } = await statsOf(request);
    return {
      asOf: snapshot.asOf,
      stats: sources.map(({ id, enabled }) => ({
        sourceId: id,
        state: healthOf(enabled, receiptsOf(day.sources[id]), receiptsOf(usual.sources[id])),
        lastSeenAt: ever.sources[id]?.lastAt ?? null,
        received: day.sources[id]?.received ?? 0,
        failedShare: shareOf(receiptsOf(day.sources[id])),
        series: seriesOf(hours, ({ sources: all }) => all[id]?.received ?? 0),
      })),
    };
  },

  listWriteKeyStats: async (request, { query }) => {
    const source = sourceIn(await request.config(), query.sourceId);
    const oldest = hourPlus(hourOf(request.now().toISOString()), -OLDEST_HOURS);
    const [snapshot, keys] = await Promise.all([
      request.deps.live(request.workspaceId, oldest),
      keysOf(request, [source]),
    ]);
    const used = keyUseIn(snapshot, source.id);
    const known = [`${oldest}:00:00.000Z`, snapshot.since ?? snapshot.now, used.get(UNTOLD_KEY) ?? ''];
    return {
      asOf: snapshot.asOf,
      since: known.reduce((a, b) => (a > b ? a : b)),
      stats: (keys.get(source.id) ?? []).map(({ writeKey }) => ({
        writeKey,
        lastUsedAt: used.get(writeKeyTag(writeKey)) ?? null,
      })),
    };
  },

  listDestinationStats: async (request, { query }) => {
    const asked = new Set(query.destinationIds);
    const config = await request.config();
    const destinations = visibleDestinations(request, config, config.sources).filter(({ id }) => asked.has(id));
    const { snapshot, hours, day, usual, ever } = await statsOf(request);
    const failedIn = ({ destinations: all }: DigestParts, id: string): number => {
      const own = all[id];
      return own === undefined ? 0 : total(own.discarded) + total(own.deadLettered);
    };
    return {
      asOf: snapshot.asOf,
      stats: destinations.map((destination) => {
        const { id } = destination;
        const own = day.destinations[id] ?? noDestinationDigest();
        return {
          destinationId: id,
          state: stateOf(destination, day, usual),
          lastDeliveredAt: ever.destinations[id]?.lastDeliveredAt ?? null,
          lastFailedAt: ever.destinations[id]?.lastFailedAt ?? null,
          delivered: own.delivered,
          failed: total(own.discarded) + total(own.deadLettered),
          failedShare: shareOf(triesOf(own)),
          series: seriesOf(hours, ({ destinations: all }) => all[id]?.delivered ?? 0),
          failedSeries: seriesOf(hours, (parts) => failedIn(parts, id)),
        };
      }),
    };
  },
};

const namedType = ({ slug, name }: { slug: string; name: string }) => ({ slug, name });

/** Whether a source is of an environment; every one is where none is asked for. */
const isIn = (environment: string | undefined, labels: Source['labels']): boolean =>
  environment === undefined ||
  labels.some(({ key, value }) => key.toLowerCase() === ENVIRONMENT_KEY && value === environment);

const sumOf = <T>(all: readonly T[], count: (one: T) => number): number =>
  all.reduce((sum, one) => sum + count(one), 0);

const stateOf = (destination: Destination, digest: Digest, usual: Digest) =>
  healthOf(
    destination.enabled && destination.paused === undefined,
    triesOf(digest.destinations[destination.id]),
    triesOf(usual.destinations[destination.id]),
  );

function visibleDestinations(
  request: ApiRequest,
  { destinations }: WorkspaceConfig,
  sources: readonly Source[],
): Destination[] {
  const seen = new Set(
    sources.filter((source) => request.may('destination.read', targetOf(source))).map(({ id }) => id),
  );
  return destinations.map(({ destination }) => destination).filter(({ sourceId }) => seen.has(sourceId));
}

/** Where a range begins: ranges of hours with a whole hour, the others with a whole minute. */
function beginOf(now: string, range: Range): string {
  const minutes = RANGES[range];
  return minutes > 60 ? `${hourPlus(hourOf(now), -minutes / 60)}:00` : minutePlus(minuteOf(now), -minutes);
}

/** The oldest hour that a range and what it is judged by need. */
function oldestOf(request: ApiRequest, range: Range): string {
  const now = request.now().toISOString();
  const wished = hourPlus(hourOf(beginOf(now, range)), -USUAL_HOURS);
  const oldest = hourPlus(hourOf(now), -OLDEST_HOURS);
  return wished > oldest ? wished : oldest;
}

/** By snapshot, which is not changed any more: many may ask the same of one. */
const known = new WeakMap<Snapshot, Map<Range, { from: string; digest: Digest; usual: Digest }>>();

function numbersOf(snapshot: Snapshot, range: Range): { from: string; digest: Digest; usual: Digest } {
  const all = known.get(snapshot) ?? new Map<Range, { from: string; digest: Digest; usual: Digest }>();
  known.set(snapshot, all);
  const found = all.get(range);
  if (found !== undefined) return found;
  const begin = beginOf(snapshot.now, range);
  const fresh = sumParts([...snapshot.minutes].filter(([minute]) => minute >= begin).map(([, parts]) => parts));
  const isOfHours = RANGES[range] > 60;
  const digest = digestOf(isOfHours ? sumParts([snapshot.hoursFrom(hourOf(begin)), fresh]) : fresh);
  const first = hourPlus(hourOf(begin), -USUAL_HOURS);
  const usual = digestOf(snapshot.hoursFrom(first, hourOf(begin)));
  const numbers = { from: `${begin}:00.000Z`, digest, usual };
  all.set(range, numbers);
  return numbers;
}

/** When each key of a source was last used, by its tag. */
function keyUseIn({ hours, minutes }: Snapshot, sourceId: string): ReadonlyMap<string, string> {
  const used = new Map<string, string>();
  for (const { sources } of [...hours.values(), ...minutes.values()]) {
    for (const [tag, at] of Object.entries(sources[sourceId]?.keys ?? {})) {
      if (at > (used.get(tag) ?? '')) used.set(tag, at);
    }
  }
  return used;
}

type Hours = readonly (readonly [string, DigestParts])[];

async function statsOf(request: ApiRequest) {
  const snapshot = await request.deps.live(
    request.workspaceId,
    hourPlus(hourOf(request.now().toISOString()), -OLDEST_HOURS),
  );
  const { digest: day, usual } = numbersOf(snapshot, '24h');
  const present = hourOf(snapshot.now);
  const ofMinutes = Map.groupBy(snapshot.minutes, ([minute]) => hourOf(minute));
  const hours = Array.from({ length: STATS_HOURS }, (_, index): readonly [string, DigestParts] => {
    const hour = hourPlus(present, index - STATS_HOURS + 1);
    const minutes = ofMinutes.get(hour);
    const parts = minutes === undefined ? snapshot.hours.get(hour) : sumParts(minutes.map(([, each]) => each));
    return [hour, parts ?? noParts()];
  });
  const ever = digestOf(
    sumParts([snapshot.hoursFrom(hourPlus(present, -OLDEST_HOURS)), sumParts(snapshot.minutes.values())]),
  );
  return { snapshot, hours, day, usual, ever };
}

const seriesOf = (hours: Hours, count: (parts: DigestParts) => number) => ({
  stepSeconds: 3_600,
  from: `${hours[0]?.[0] ?? ''}:00:00.000Z`,
  values: hours.map(([, parts]) => count(parts)),
});
