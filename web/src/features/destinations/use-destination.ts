import { useParams } from '@tanstack/react-router';
import type { CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { type DataOf, useCall } from '../../api/calls.ts';
import { useDestinationType } from '../catalog/catalog.ts';

export type AppDestination = DataOf<'getAppDestination'>['destination'];
export type AppSource = DataOf<'getAppSource'>['source'];

/** The id of the destination that the address names. */
export const useDestinationId = (): string => useParams({ strict: false }).destinationId ?? '';

export type LoadedDestination = {
  destination: AppDestination;
  /** Undefined while it is asked, and of a type that is gone from the catalog. */
  type: CatalogDestination | undefined;
  source: AppSource | undefined;
};

/** A destination with its type and its source; what of them could not be had is undefined. */
export function useDestination(id: string) {
  const asked = useCall('getAppDestination', { path: { destinationId: id } });
  const destination = asked.data?.destination;
  const type = useDestinationType(destination?.type);
  const source = useCall(
    'getAppSource',
    { path: { sourceId: destination?.sourceId ?? '' } },
    { enabled: destination !== undefined },
  );
  const data: LoadedDestination | undefined = destination && {
    destination,
    type: type.data,
    source: source.data?.source,
  };
  return { ...asked, data };
}

/** What is asked again when a destination has changed: itself, lists that show it, and what the shell counts. */
export const STALE_WITH_DESTINATION = [
  'getAppDestination',
  'getOverview',
  'listDestinationStats',
  'listDestinations',
  'getHealth',
  'listConnectedDestinationsFromSource',
] as const;
