import { useMemo } from 'react';
import type { CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { useAll } from '../../api/calls.ts';
import { environmentsOf, type Label } from '../../api/me.ts';
import type { State } from '../../ui/state.ts';
import { useCatalog } from '../catalog/catalog.ts';
import { type ConnectedThing, useConnected } from '../catalog/use-connected.ts';
import { type Candidate, judgeSources, type Judged, kindOfSource } from './compatible.ts';

export type SourceCandidate = Judged<
  Candidate & {
    slug: string;
    typeName: string;
    enabled: boolean;
    state: State;
    labels: readonly Label[];
    environments: readonly string[];
    /** Destinations of this type that it has. */
    others: readonly ConnectedThing[];
  }
>;

/** All sources that the viewer sees, each with whether this type can take its events, and why not. */
export function useCandidates(type: CatalogDestination) {
  const sources = useAll('listSources', 'sources');
  const catalog = useCatalog();
  const connected = useConnected(catalog.data);
  const candidates = useMemo<SourceCandidate[] | undefined>(() => {
    if (sources.data === undefined || catalog.data === undefined) return undefined;
    const states = new Map(connected.sources.map(({ id, state }) => [id, state]));
    return judgeSources(
      type,
      sources.data.map(({ id, name, slug, metadata, enabled, labels }) => {
        const others = connected.destinations.filter((one) => one.sourceId === id && one.slug === type.slug);
        return {
          id,
          name: name ?? slug,
          kind: kindOfSource(catalog.data, metadata.slug),
          slug: metadata.slug,
          typeName: metadata.name,
          enabled,
          state: enabled ? (states.get(id) ?? ('idle' as const)) : ('disabled' as const),
          labels,
          environments: environmentsOf(labels),
          others,
          instances: others.length,
        };
      }),
    );
  }, [sources.data, catalog.data, connected, type]);
  const failed = sources.isError ? sources : catalog.isError ? catalog : undefined;
  return { candidates, error: failed?.error, refetch: () => void Promise.all([sources.refetch(), catalog.refetch()]) };
}
