import { useMemo } from 'react';
import { useAll, useCall } from '../../api/calls.ts';
import { type State, stateOf } from '../../ui/state.ts';
import { type Catalog, useTypesById } from './catalog.ts';
import type { ConnectedCounts } from './search-catalog.ts';

export type ConnectedThing = {
  id: string;
  name: string;
  slug: string;
  state: State;
  sourceId?: string;
  sourceName?: string;
};

/** What of the catalog the workspace has connected, as far as the viewer may see it. */
export function useConnected(catalog: Catalog | undefined) {
  const overview = useCall('getOverview', { query: { range: '24h' } });
  const sources = useAll('listSources', 'sources');
  const types = useTypesById(catalog);
  return useMemo(() => {
    const slugById = new Map((sources.data ?? []).map(({ id, metadata }) => [id, metadata.slug]));
    const sourceOf = new Map((overview.data?.connections ?? []).map((one) => [one.destinationId, one.sourceId]));
    const names = new Map((overview.data?.sources ?? []).map(({ id, name }) => [id, name]));
    const destinations: ConnectedThing[] = (overview.data?.destinations ?? []).map(
      ({ id, name, metadataId, state }) => {
        const sourceId = sourceOf.get(id) ?? '';
        const slug = types.get(metadataId)?.slug ?? metadataId;
        return { id, name, slug, state: stateOf(state), sourceId, sourceName: names.get(sourceId) ?? '' };
      },
    );
    const feeding: ConnectedThing[] = (overview.data?.sources ?? []).map(({ id, name, state }) => ({
      id,
      name,
      slug: slugById.get(id) ?? '',
      state: stateOf(state),
    }));
    const counts: ConnectedCounts = { destinations: countBySlug(destinations), sources: countBySlug(feeding) };
    return { destinations, sources: feeding, counts, isPending: overview.isPending || sources.isPending };
  }, [overview.data, overview.isPending, sources.data, sources.isPending, types]);
}

function countBySlug(things: readonly ConnectedThing[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { slug } of things) counts.set(slug, (counts.get(slug) ?? 0) + 1);
  return counts;
}
