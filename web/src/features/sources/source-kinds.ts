import type { CatalogSource } from '../../../../shared/catalog/source-catalog.ts';
import { useCall } from '../../api/calls.ts';

/** Catalog entries do not change while a page is open. */
const FRESH_MS = 600_000;

/** A type of source as the catalog lists it. */
export type SourceKind = Pick<
  CatalogSource,
  'id' | 'slug' | 'name' | 'kind' | 'description' | 'categories' | 'status' | 'addedAt'
>;

/** A type with its install texts. */
export type SourceKindWithTexts = SourceKind & Pick<CatalogSource, 'install'>;

export const KIND_WORDS: Readonly<Record<SourceKind['kind'], string>> = {
  website: 'Website',
  mobile: 'Mobile',
  server: 'Server',
  webhook: 'Tool',
};

/** Types that most begin with, for the first page of a workspace. */
export const FIRST_KINDS: readonly string[] = ['javascript', 'node-js', 'python', 'apple', 'http-api', 'webhook'];

/** All that can be connected: types of sources in the catalog's order, and those of destinations. */
export function useCatalog() {
  const catalog = useCall('listCatalog', undefined, { freshMs: FRESH_MS });
  return {
    ...catalog,
    kinds: catalog.data?.sources as unknown as SourceKind[] | undefined,
    destinationKinds: (catalog.data?.destinations ?? []) as unknown as { id: string; slug: string; name: string }[],
  };
}

/** One type with how it is installed. */
export function useKind(idOrSlug: string | undefined) {
  const entry = useCall(
    'getCatalogSource',
    { path: { idOrSlug: idOrSlug ?? '' } },
    { enabled: idOrSlug !== undefined, freshMs: FRESH_MS },
  );
  return { ...entry, kind: entry.data?.source as unknown as SourceKindWithTexts | undefined };
}

/** The type whose texts a source of a kind begins with, where it was made from a file and has none of its own. */
export const FALLBACK_KINDS: Readonly<Record<SourceKind['kind'], string>> = {
  website: 'javascript',
  mobile: 'apple',
  server: 'http-api',
  webhook: 'webhook',
};
