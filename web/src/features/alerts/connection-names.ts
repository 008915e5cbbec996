import { type DataOf, useCall } from '../../api/calls.ts';

type Overview = DataOf<'getOverview'>;

/** What is connected, for names in lists and choices; what the viewer may not see is not among it. */
export function useConnections(): {
  sources: Overview['sources'];
  destinations: (Overview['destinations'][number] & { sourceId: string })[];
  nameOf: (id: string) => string | undefined;
} {
  const overview = useCall('getOverview', { query: { range: '24h' } }, { freshMs: 30_000 });
  const sources = overview.data?.sources ?? [];
  const sourceOf = new Map(overview.data?.connections.map((one) => [one.destinationId, one.sourceId]));
  const destinations = (overview.data?.destinations ?? []).map((one) => ({
    ...one,
    sourceId: sourceOf.get(one.id) ?? '',
  }));
  const names = new Map([...sources, ...destinations].map(({ id, name }) => [id, name]));
  return { sources, destinations, nameOf: (id) => names.get(id) };
}
