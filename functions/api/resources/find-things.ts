import type { Destination, Mapping, Source, WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import type { Filter } from '../../../shared/domain/filter.ts';
import { notFound } from '../http/api-fault.ts';
import type { ApiRequest } from '../http/request.ts';

// What a path names, in the workspace's configuration as it is read. Each throws ApiFault 404.

export function sourceIn(config: WorkspaceConfig, id: string | undefined): Source {
  const found = config.sources.find((source) => source.id === id);
  if (found === undefined) throw notFound('source', id ?? '');
  return found;
}

/** Throws ApiFault 404 where the caller does not see a source that a request names beside what it is about. */
export function refuseUnseen(request: ApiRequest, config: WorkspaceConfig, id: string): void {
  const { labels, id: sourceId } = sourceIn(config, id);
  if (!request.may('source.read', { kind: 'source', id: sourceId, labels })) throw notFound('source', id);
}

export type FoundDestination = {
  destination: Destination;
  mappings: readonly Mapping[];
  filters: readonly Filter[];
  source: Source;
};

export function destinationIn(config: WorkspaceConfig, id: string | undefined): FoundDestination {
  const found = config.destinations.find(({ destination }) => destination.id === id);
  if (found === undefined) throw notFound('destination', id ?? '');
  const { destination, mappings, filters = [] } = found;
  return { destination, mappings, filters, source: sourceIn(config, destination.sourceId) };
}

/** Before it nothing can be in a destination's books: of one that was moved or restored, the older of the two. */
export const beginOf = ({ destination, source }: Pick<FoundDestination, 'destination' | 'source'>): string =>
  destination.createdAt < source.createdAt ? destination.createdAt : source.createdAt;

export function mappingIn({ mappings }: FoundDestination, id: string | undefined): Mapping {
  const found = mappings.find((mapping) => mapping.id === id);
  if (found === undefined) throw notFound('mapping', id ?? '');
  return found;
}

export function filterIn({ filters }: FoundDestination, id: string | undefined): Filter {
  const found = filters.find((filter) => filter.id === id);
  if (found === undefined) throw notFound('filter', id ?? '');
  return found;
}
