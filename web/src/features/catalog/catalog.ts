import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type {
  CatalogDestination,
  CatalogIndexEntry,
  CatalogSourceKind,
  CatalogStatus,
} from '../../../../shared/catalog/catalog-entry.ts';
import { useCall } from '../../api/calls.ts';

/** The catalog changes with a deployment only. */
const FRESH_MS = 10 * 60_000;

export type DestinationType = Omit<CatalogIndexEntry, 'metadataBytes'> & { isNew: boolean; logo: string };
export type SourceType = {
  id: string;
  slug: string;
  name: string;
  description: string;
  kind: CatalogSourceKind;
  categories: readonly string[];
  status: CatalogStatus;
  addedAt: string;
  isNew: boolean;
};
export type Catalog = { destinations: readonly DestinationType[]; sources: readonly SourceType[] };

/** What of an answer a page shows beside its data: whether it waits, what went wrong, how it is asked again. */
export type Asked<T> = Pick<UseQueryResult, 'isPending' | 'isError' | 'error' | 'refetch'> & { data: T | undefined };

/** Everything that can be connected. The answer has no shape of its own in the API: it is what the build laid there (shared/catalog). */
export function useCatalog(): Asked<Catalog> {
  const asked = useCall('listCatalog', { query: {} }, { freshMs: FRESH_MS });
  return { ...asked, data: asked.data as unknown as Catalog | undefined };
}

/** All of one type of destination, by its slug or id. */
export function useDestinationType(idOrSlug: string | undefined): Asked<CatalogDestination> {
  const asked = useCall(
    'getCatalogDestination',
    { path: { idOrSlug: idOrSlug ?? '' } },
    { freshMs: FRESH_MS, enabled: idOrSlug !== undefined },
  );
  return { ...asked, data: asked.data?.destination as unknown as CatalogDestination | undefined };
}

/** Types of destinations by id, by slug and by every other slug. */
export function useTypesById(catalog: Catalog | undefined): ReadonlyMap<string, DestinationType> {
  return useMemo(
    () =>
      new Map(
        (catalog?.destinations ?? []).flatMap((type) =>
          [type.id, ...type.otherSlugs, type.slug].map((key): [string, DestinationType] => [key, type]),
        ),
      ),
    [catalog],
  );
}

/** Whether browsers alone feed the tool. */
export const isDeviceOnly = ({
  connectionModes: { device, cloud },
}: Pick<DestinationType, 'connectionModes'>): boolean => device.web && !cloud.web;

/** How the tool is reached: by browsers themselves, or from our servers. */
export const modeOf = (type: Pick<DestinationType, 'connectionModes'>): string =>
  isDeviceOnly(type) ? 'Device mode' : 'Cloud mode';

const KIND_WORDS: Readonly<Record<CatalogSourceKind, string>> = {
  website: 'Website',
  mobile: 'Mobile',
  server: 'Server',
  webhook: 'Webhook',
};
export const kindWord = (kind: CatalogSourceKind): string => KIND_WORDS[kind];
