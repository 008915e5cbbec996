import { useMemo } from 'react';
import { type DataOf, useAll, useApi, useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { environmentsOf, type Label } from '../../api/me.ts';
import { useQuery } from '@tanstack/react-query';
import { type State, stateOf } from '../../ui/state.ts';
import { type DestinationType, isDeviceOnly, useCatalog, useTypesById } from '../catalog/catalog.ts';

/** Destinations whose numbers are asked at once: the API's bound. */
const STATS_PER_CALL = 200;
/** How often numbers are asked for, in ms. */
const NUMBERS_EVERY_MS = 15_000;

export type Stats = DataOf<'listDestinationStats'>['stats'][number];
export type DestinationRow = {
  id: string;
  name: string;
  enabled: boolean;
  paused: boolean;
  state: State;
  type: Pick<DestinationType, 'slug' | 'name'> & { category: string; categories: readonly string[]; mode: string };
  source: { id: string; name: string; labels: readonly Label[] };
  environment: string;
  /** Undefined while it is asked. */
  stats: Stats | undefined;
};

const NO_CATEGORY = 'Other';

/** All destinations that the viewer may see, with what a list shows of each. */
export function useDestinationRows() {
  const overview = useCall('getOverview', { query: { range: '24h' } }, { everyMs: NUMBERS_EVERY_MS, keep: true });
  const sources = useAll('listSources', 'sources');
  const catalog = useCatalog();
  const types = useTypesById(catalog.data);
  const ids = (overview.data?.destinations ?? []).map(({ id }) => id);
  const stats = useStats(ids);

  const rows = useMemo(() => {
    if (overview.data === undefined || sources.data === undefined || catalog.data === undefined) return undefined;
    const sourceOf = new Map(overview.data.connections.map((one) => [one.destinationId, one.sourceId]));
    const sourceById = new Map(sources.data.map((source) => [source.id, source]));
    const names = new Map(overview.data.sources.map(({ id, name }) => [id, name]));
    const statsById = new Map((stats.data ?? []).map((one) => [one.destinationId, one]));
    return overview.data.destinations.map(({ id, name, metadataId, state, paused }): DestinationRow => {
      const type = types.get(metadataId);
      const sourceId = sourceOf.get(id) ?? '';
      const labels = sourceById.get(sourceId)?.labels ?? [];
      return {
        id,
        name,
        enabled: state !== 'DISABLED',
        paused,
        state: stateOf(state),
        type: {
          slug: type?.slug ?? metadataId,
          name: type?.name ?? metadataId,
          category: type?.categories[0] ?? NO_CATEGORY,
          categories: type?.categories ?? [],
          mode: type !== undefined && isDeviceOnly(type) ? 'Device' : 'Cloud',
        },
        source: { id: sourceId, name: names.get(sourceId) ?? 'A source that is gone', labels },
        environment: environmentsOf(labels).join(', ') || 'None',
        stats: statsById.get(id),
      };
    });
  }, [overview.data, sources.data, catalog.data, types, stats.data]);

  const failed = [overview, sources, catalog].find(({ isError }) => isError);
  return {
    rows,
    error: rows === undefined ? failed?.error : undefined,
    asOf: overview.data?.asOf,
    refetch: () => void Promise.all([overview.refetch(), sources.refetch(), catalog.refetch()]),
  };
}

/** Numbers of many destinations, in as many calls as the API's bound takes. */
function useStats(ids: readonly string[]) {
  const api = useApi();
  const workspace = useWorkspaceSlug() ?? '';
  return useQuery({
    queryKey: [workspace, 'listDestinationStats', 'of', ids],
    queryFn: async () => {
      const parts = Array.from({ length: Math.ceil(ids.length / STATS_PER_CALL) }, (_, part) =>
        ids.slice(part * STATS_PER_CALL, (part + 1) * STATS_PER_CALL),
      );
      const answers = await Promise.all(
        parts.map((part) => api.call('listDestinationStats', { query: { destinationIds: [...part] } })),
      );
      return answers.flatMap(({ stats }) => stats);
    },
    enabled: ids.length > 0,
    refetchInterval: NUMBERS_EVERY_MS,
    placeholderData: (before) => before,
  });
}
