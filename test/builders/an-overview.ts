import type { Overview } from '../../web/src/features/overview/overview.ts';

type Source = Overview['sources'][number];
type Destination = Overview['destinations'][number];
type Connection = Overview['connections'][number];
type Over = {
  sources?: readonly Partial<Source>[];
  /** `from`: the source that feeds it; the first one where nothing is said. */
  destinations?: readonly (Partial<Destination> & { from?: string; flow?: Partial<Connection> })[];
  totals?: Partial<Overview['totals']>;
  series?: Partial<Overview['series']>;
} & Partial<Pick<Overview, 'from' | 'to' | 'asOf' | 'before'>>;

/** What the API answers of what is connected: one source that feeds one webhook, but for what is said. */
export function anOverview(over: Over = {}): Overview {
  const sources = (over.sources ?? [{}]).map(
    (one, index): Source => ({
      id: `src_${index}`,
      name: `Source ${index}`,
      metadataId: 'type',
      type: { slug: 'javascript', name: 'JavaScript' },
      state: 'HEALTHY',
      perMinute: 10,
      received: 600,
      lastSeenAt: '2026-11-26T10:00:00.000Z',
      ...one,
    }),
  );
  const given = over.destinations ?? [{}];
  const destinations = given.map(
    (one, index): Destination => ({
      id: one.id ?? `dst_${index}`,
      name: one.name ?? `Tool ${index}`,
      metadataId: 'type',
      type: one.type ?? { slug: 'webhook', name: 'Webhook' },
      state: one.state ?? 'HEALTHY',
      paused: one.paused ?? false,
    }),
  );
  const connections = given.map(
    ({ from, flow, id }, index): Connection => ({
      sourceId: from ?? sources[0]?.id ?? 'src_0',
      destinationId: id ?? `dst_${index}`,
      perMinute: 10,
      delivered: 600,
      failed: 0,
      failedShare: 0,
      p95Ms: 100,
      ...flow,
    }),
  );
  return {
    asOf: over.asOf ?? '2026-11-26T10:00:00.000Z',
    from: over.from ?? '2026-11-26T09:00:00.000Z',
    to: over.to ?? '2026-11-26T10:00:00.000Z',
    series: {
      stepSeconds: 1_800,
      received: [300, 300, 0],
      delivered: [300, 300, 0],
      failed: [0, 0, 0],
      p95Ms: [100, null, null],
      ...over.series,
    },
    before: over.before ?? null,
    sources,
    destinations,
    connections,
    totals: {
      received: 600,
      delivered: 600,
      failed: 0,
      deliveryRate: 1,
      failing: 0,
      p95Ms: 100,
      violations: 0,
      ...over.totals,
    },
  };
}
