import { useMemo } from 'react';
import { type DataOf, useAll, useCall } from '../../api/calls.ts';
import { environmentsOf } from '../../api/me.ts';
import { ENVIRONMENT_KEY } from '../../../../shared/domain/environment.ts';
import { type State, stateOf } from '../../ui/state.ts';
import { sourceState } from './source-state.ts';
import { KIND_WORDS, type SourceKind, useCatalog } from './source-kinds.ts';

export type Source = DataOf<'listSources'>['sources'][number];
type SourceStat = DataOf<'listSourceStats'>['stats'][number];
/** What a source feeds, as a list shows it. */
export type Fed = { id: string; name: string; slug: string | undefined; state: State };
export type SourceRow = {
  source: Source;
  name: string;
  kind: SourceKind | undefined;
  /** Website, Mobile, Server or Tool. */
  category: string;
  state: State;
  stat: SourceStat | undefined;
  fed: readonly Fed[];
  environments: readonly string[];
  /** Labels but for its environment, as `key: value`. */
  labels: readonly string[];
};

const STATS_POLL_MS = 15_000;
const FED_POLL_MS = 30_000;

/** All sources that the viewer sees, with what is known of each. `rows` is undefined until the list itself is there: the rest comes beside it. */
export function useSourceRows() {
  const sources = useAll('listSources', 'sources');
  const ids = useMemo(() => (sources.data ?? []).map(({ id }) => id), [sources.data]);
  // A workspace has as many sources at most as one request may name.
  const counted = useCall(
    'listSourceStats',
    { query: { sourceIds: ids } },
    { enabled: ids.length > 0, everyMs: STATS_POLL_MS, keep: true },
  );
  const { kinds, destinationKinds } = useCatalog();
  const overview = useCall('getOverview', { query: { range: '24h' } }, { everyMs: FED_POLL_MS });

  const rows = useMemo(() => {
    if (sources.data === undefined) return undefined;
    const stats = new Map(counted.data?.stats.map((one) => [one.sourceId, one]));
    const slugs = new Map(destinationKinds.map(({ id, slug }) => [id, slug]));
    const destinations = new Map(overview.data?.destinations.map((one) => [one.id, one]));
    const feeds = Map.groupBy(overview.data?.connections ?? [], ({ sourceId }) => sourceId);
    return sources.data.map((source): SourceRow => {
      const kind = kinds?.find(({ id }) => id === source.metadata.id);
      const stat = stats.get(source.id);
      return {
        source,
        name: source.name ?? source.slug,
        kind,
        category: kind === undefined ? (source.metadata.categories[0] ?? '') : KIND_WORDS[kind.kind],
        state: sourceState(source.enabled, stat),
        stat,
        fed: (feeds.get(source.id) ?? []).flatMap(({ destinationId }) => {
          const one = destinations.get(destinationId);
          if (one === undefined) return [];
          return [{ id: one.id, name: one.name, slug: slugs.get(one.metadataId), state: stateOf(one.state) }];
        }),
        environments: environmentsOf(source.labels),
        labels: source.labels
          .filter(({ key }) => key.toLowerCase() !== ENVIRONMENT_KEY)
          .map(({ key, value }) => `${key}: ${value}`),
      };
    });
  }, [sources.data, counted.data, kinds, destinationKinds, overview.data]);

  return { ...sources, rows, asOf: counted.data?.asOf };
}
