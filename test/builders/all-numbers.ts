import type { ObservedWorld } from './observed-world.ts';
import { unwrap } from './public-api-client.ts';
import { balanceOf } from './running-tributary.ts';

const PAGE = { count: 200 };
export const DESTINATIONS = ['Sink', 'Flaky', 'Refuses', 'Never', 'Twice', 'App sink'] as const;

type Set = { total: number; totalRetryCount?: number; discardReason?: string; eventType?: string };
type Step = { step: string; count: number; discards: { reason: string; count: number }[] };
type Delivery = {
  received: number;
  steps: Step[];
  delivery?: { firstTry: number; onRetry: number; failed: number; unsupported: number; pendingRetries: number };
};
type Issue = {
  id: string;
  destinationId: string;
  code: string;
  count: number;
  ended: number;
  retried: boolean;
  firstSeenAt: string;
  lastSeenAt: string;
};
type Health = {
  countedTo: string;
  groups: {
    group: string;
    things: { id: string; name: string; state: string; lines: HealthLine[] }[];
  }[];
};
type HealthLine = { kinds: string[]; code: string; count: number; firstSeenAt: string; lastSeenAt: string };
type Overview = {
  asOf: string;
  sources: { name: string; state: string; received: number; lastSeenAt: string | null }[];
  destinations: { id: string; name: string; state: string }[];
  connections: { destinationId: string; delivered: number; failed: number; failedShare: number }[];
  totals: { received: number; delivered: number; failed: number; failing: number; deliveryRate: number };
};
type Stat = { sourceId?: string; destinationId?: string; received?: number; delivered?: number; failed?: number };
type Users = { total: string; identified: string; neverIdentified: string; anonymousIdentified: string };
type Usage = {
  apiCalls: string;
  trackedUsers: Users & { isExact: boolean };
  sources: { sourceName: string; apiCalls: string; trackedUsers: Users }[];
};
type Cost = { sources: Unit[]; destinations: Unit[] };
type Unit = { name: string; units: Record<string, number> };

const counts = (entries: readonly { reason?: string; count?: number }[]): Record<string, number> =>
  Object.fromEntries(entries.map(({ reason = '', count = 0 }) => [reason, count]));
const usersOf = ({ total, identified, neverIdentified, anonymousIdentified }: Users) => ({
  total: Number(total),
  identified: Number(identified),
  neverIdentified: Number(neverIdentified),
  anonymousIdentified: Number(anonymousIdentified),
});
const totalsOf = (sets: readonly Set[], key: 'discardReason' | 'eventType'): Record<string, number> =>
  Object.fromEntries(sets.map((set) => [set[key] ?? '', set.total]));

/** Every number that the product tells of an environment, without what moves on with the clock alone. */
export async function allNumbers(world: ObservedWorld) {
  const { ask, idOf } = world;
  const api = world.api();
  const nowMs = Date.now();
  const range = [new Date(nowMs - 3_600_000).toISOString(), new Date(nowMs + 60_000).toISOString()] as const;
  const source = idOf('Server');
  const nameOf = new Map([...DESTINATIONS, 'Server', 'App'].map((name) => [idOf(name), name]));
  const named = (id: string | undefined): string => nameOf.get(id ?? '') ?? `unknown ${id}`;

  const ofSource = async (
    operation:
      | 'getIngressSuccessMetricsFromDeliveryOverview'
      | 'getIngressFailedMetricsFromDeliveryOverview'
      | 'getFilteredAtSourceMetricsFromDeliveryOverview',
    by: 'eventType' | 'discardReason',
  ) => {
    const { total, dataset } = await unwrap(api.deliveryOverview[operation](source, ...range, 'minute', PAGE, [by]));
    return { total, by: totalsOf(dataset, by) };
  };
  const ofDestination = async (
    name: string,
    operation:
      | 'getFilteredAtDestinationMetricsFromDeliveryOverview'
      | 'getEgressFailedMetricsFromDeliveryOverview'
      | 'getEgressSuccessMetricsFromDeliveryOverview',
  ) => {
    const of = name === 'App sink' ? idOf('App') : source;
    const { total, dataset } = await unwrap(
      api.deliveryOverview[operation](of, idOf(name), ...range, 'minute', PAGE, ['discardReason']),
    );
    return { total, by: totalsOf(dataset, 'discardReason') };
  };
  const metricsOf = async (name: string) => {
    const { deliveryMetricsSummary } = await unwrap(
      api.destinations.listDeliveryMetricsSummaryFromDestination(
        idOf(name),
        name === 'App sink' ? idOf('App') : source,
      ),
    );
    const { metrics } = deliveryMetricsSummary;
    return Object.fromEntries(
      metrics.flatMap(({ metricName, total, breakdown = [] }) =>
        metricName === 'latency.p95'
          ? []
          : [[metricName, total], ...breakdown.map((part): [string, number] => [part.metricName, part.value])],
      ),
    );
  };
  const pageOf = ({ received, steps, delivery }: Delivery) => ({
    received,
    steps: Object.fromEntries(steps.map(({ step, count, discards }) => [step, { count, discards: counts(discards) }])),
    ...(delivery !== undefined && {
      delivery: [delivery.firstTry, delivery.onRetry, delivery.failed, delivery.unsupported, delivery.pendingRetries],
    }),
  });
  const eachDestination = async <T>(read: (name: string) => Promise<T>): Promise<Record<string, T>> => {
    const found: Record<string, T> = {};
    for (const name of DESTINATIONS) found[name] = await read(name);
    return found;
  };

  const balance = await balanceOf(world.running().endpoints);
  const { result } = await unwrap(api.events.getEventsVolumeFromWorkspace('MINUTE', ...range, ['source']));
  const { issues } = await ask<{ issues: Issue[] }>('/app-api/delivery/issues?range=1h');
  const { coverage, events } = await ask<{
    coverage: { kept: number; received: number; isWhole: boolean };
    events: { verdict: string }[];
  }>(`/app-api/sources/${source}/events`);
  const overview = await ask<Overview>('/app-api/overview?range=1h');
  const ids = DESTINATIONS.map(idOf).join(',');
  const stats = [
    ...(await ask<{ stats: Stat[] }>(`/app-api/stats/sources?sourceIds=${source},${idOf('App')}`)).stats,
    ...(await ask<{ stats: Stat[] }>(`/app-api/stats/destinations?destinationIds=${ids}`)).stats,
  ];
  const health = await ask<Health>('/app-api/health');
  const usage = await ask<Usage>('/app-api/usage');
  const period = `${new Date().toISOString().slice(0, 7)}-01`;
  const { dailyWorkspaceAPICallsUsage } = await unwrap(api.apiCalls.getDailyWorkspaceAPICallsUsage(period, PAGE));
  const { dailyWorkspaceMTUUsage } = await unwrap(api.monthlyTrackedUsers.getDailyWorkspaceMTUUsage(period, PAGE));
  const cost = await ask<Cost>('/app-api/usage/cost');
  const { notifications } = await ask<{ notifications: { kind: string; title: string; lines: string[] }[] }>(
    '/app-api/notifications',
  );

  return {
    balance: Object.fromEntries(
      balance.map(({ source: of, destination, ...line }) => [named(destination ?? of), line]),
    ),
    volume: Object.fromEntries(result.map(({ source: of, total }) => [of?.name, total])),
    steps: {
      received: await ofSource('getIngressSuccessMetricsFromDeliveryOverview', 'eventType'),
      failedOnIngest: await ofSource('getIngressFailedMetricsFromDeliveryOverview', 'discardReason'),
      filteredAtSource: await ofSource('getFilteredAtSourceMetricsFromDeliveryOverview', 'discardReason'),
      filteredAtDestination: await eachDestination((name) =>
        ofDestination(name, 'getFilteredAtDestinationMetricsFromDeliveryOverview'),
      ),
      failedDelivery: await eachDestination((name) =>
        ofDestination(name, 'getEgressFailedMetricsFromDeliveryOverview'),
      ),
      successful: await eachDestination((name) => ofDestination(name, 'getEgressSuccessMetricsFromDeliveryOverview')),
    },
    metrics: await eachDestination(metricsOf),
    sourcePage: pageOf(await ask<Delivery>(`/app-api/sources/${source}/delivery?range=1h`)),
    pages: await eachDestination(async (name) =>
      pageOf(await ask<Delivery>(`/app-api/destinations/${idOf(name)}/delivery?range=1h`)),
    ),
    issues: issues
      .map(({ destinationId, ...issue }) => ({ ...issue, destination: named(destinationId) }))
      .map(({ id, destination, code, count, ended, retried, firstSeenAt, lastSeenAt }) => ({
        id,
        issue: `${destination} ${code}`,
        count,
        ended,
        retried,
        firstSeenAt,
        lastSeenAt,
      }))
      .toSorted((a, b) => (a.issue < b.issue ? -1 : 1)),
    debugger: { ...coverage, from: '', to: '', verdicts: Object.groupBy(events, ({ verdict }) => verdict) },
    overview: {
      sources: Object.fromEntries(overview.sources.map(({ name, state, received }) => [name, { state, received }])),
      states: Object.fromEntries(overview.destinations.map(({ name, state }) => [name, state])),
      connections: Object.fromEntries(
        overview.connections.map(({ destinationId, delivered, failed, failedShare }) => [
          named(destinationId),
          { delivered, failed, failedShare },
        ]),
      ),
      totals: overview.totals,
    },
    stats: Object.fromEntries(
      stats.map(({ sourceId, destinationId, received, delivered, failed }) => [
        named(destinationId ?? sourceId),
        sourceId === undefined ? [delivered, failed] : [received],
      ]),
    ),
    countedTo: health.countedTo,
    health: Object.fromEntries(
      health.groups
        .filter(({ group }) => group !== 'PLATFORM')
        .flatMap(({ things }) => things)
        .map(({ name, state, lines }) => [
          name,
          {
            state,
            lines: lines.map(({ kinds, code, count }) => `${kinds.join(' ')} ${code} ${count}`).toSorted(),
            seen: lines.flatMap(({ firstSeenAt, lastSeenAt }) => [firstSeenAt, lastSeenAt]),
          },
        ]),
    ),
    usage: {
      calls: Number(usage.apiCalls),
      users: usersOf(usage.trackedUsers),
      isExact: usage.trackedUsers.isExact,
      sources: Object.fromEntries(
        usage.sources.map(({ sourceName, apiCalls, trackedUsers }) => [
          sourceName,
          { calls: Number(apiCalls), users: usersOf(trackedUsers).total },
        ]),
      ),
      publicCalls: Number(dailyWorkspaceAPICallsUsage.at(-1)?.apiCalls),
      publicUsers:
        Number(dailyWorkspaceMTUUsage.at(-1)?.identified) + Number(dailyWorkspaceMTUUsage.at(-1)?.neverIdentified),
    },
    cost: {
      sources: Object.fromEntries(cost.sources.map(({ name, units }) => [name, [units['received'], units['routed']]])),
      sends: Object.fromEntries(cost.destinations.map(({ name, units }) => [name, units['sends']])),
    },
    fired: notifications.filter(({ kind }) => kind === 'fired').map(({ title, lines }) => ({ title, lines })),
    mails: world
      .running()
      .cloud.mails()
      .map(({ to, text }) => ({ to, text })),
  };
}
