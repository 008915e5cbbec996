import { useAll } from '../../api/calls.ts';

/** Names and logos of what an event goes through, by id. What may not be seen is not in it. */
export function useNames() {
  const sources = useAll('listSources', 'sources').data ?? [];
  const destinations = useAll('listDestinations', 'destinations').data ?? [];
  return {
    sources: new Map(sources.map(({ id, name, slug, metadata }) => [id, { name: name ?? slug, logo: metadata.slug }])),
    destinations: new Map(
      destinations.map(({ id, name, metadata }) => [id, { name: name ?? metadata.name, logo: metadata.slug }]),
    ),
  };
}
export type Names = ReturnType<typeof useNames>;
