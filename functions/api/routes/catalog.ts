import type * as z from 'zod';
import type { SourceMetadataV1 } from '../../../shared/api/shapes.ts';
import { isNew } from '../../../shared/catalog/catalog-entry.ts';
import { logosOf } from '../../../shared/catalog/destination-metadata.ts';
import { findCatalogSource, SOURCE_CATALOG, toSourceMetadata } from '../../../shared/catalog/source-catalog.ts';
import { dayOf } from '../../../shared/domain/timestamp.ts';
import { noSuchType as noSuch } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { metadataOf } from '../resources/destination-views.ts';

const sourceMetadata = (request: ApiRequest, source: (typeof SOURCE_CATALOG)[number]) =>
  toSourceMetadata(source, request.deps.places) as z.output<ReturnType<typeof SourceMetadataV1>>;

export const catalogHandlers: HandlersOf<
  | 'getSourcesCatalog'
  | 'getSourceMetadata'
  | 'getDestinationsCatalog'
  | 'getDestinationMetadata'
  | 'getWarehousesCatalog'
  | 'getWarehouseMetadata'
  | 'listCatalog'
  | 'getCatalogDestination'
  | 'getCatalogSource'
> = {
  getSourcesCatalog: async (request, { query }) => {
    const page = await request.pages.cut(
      { name: 'catalog sources', items: SOURCE_CATALOG, keyOf: ({ slug }) => slug },
      query.pagination,
    );
    return {
      sourcesCatalog: page.items.map((source) => sourceMetadata(request, source)),
      pagination: page.pagination,
    };
  },

  getSourceMetadata: async (request, { path }) => {
    const source = findCatalogSource(path['sourceMetadataId'] ?? '');
    if (source === undefined) throw noSuch('source', path['sourceMetadataId']);
    return { sourceMetadata: sourceMetadata(request, source) };
  },

  /** A page ends where an answer would be too large for Lambda, with `next` set: all metadata together are some 3 MB. */
  getDestinationsCatalog: async (request, { query }) => {
    const { catalog } = request.deps;
    const page = await request.pages.cut(
      {
        name: 'catalog destinations',
        items: await catalog.list(),
        keyOf: ({ slug }) => slug,
        bytesOf: ({ metadataBytes }) => metadataBytes,
      },
      query.pagination,
    );
    const entries = await Promise.all(page.items.map(({ slug }) => catalog.get(slug)));
    const destinationsCatalog = entries.flatMap((entry) => (entry === undefined ? [] : [metadataOf(request, entry)]));
    return { destinationsCatalog, pagination: page.pagination };
  },

  getDestinationMetadata: async (request, { path }) => {
    const entry = await request.deps.catalog.get(path['destinationMetadataId'] ?? '');
    if (entry === undefined) throw noSuch('destination', path['destinationMetadataId']);
    return { destinationMetadata: metadataOf(request, entry) };
  },

  // There are no warehouses.
  getWarehousesCatalog: async (request, { query }) => {
    const items: never[] = [];
    const { pagination } = await request.pages.cut(
      { name: 'catalog warehouses', items, keyOf: () => '' },
      query.pagination,
    );
    return { warehousesCatalog: [], pagination };
  },

  getWarehouseMetadata: async (_request, { path }) => {
    throw noSuch('warehouse', path['warehouseMetadataId']);
  },

  listCatalog: async (request, { query }) => {
    const page = await request.pages.cut(
      { name: 'catalog', items: await request.deps.catalog.list(), keyOf: ({ slug }) => slug },
      query.pagination,
    );
    const today = dayOf(request.now().toISOString());
    return {
      destinations: page.items.map(({ metadataBytes: _bytes, ...entry }) => ({
        ...entry,
        isNew: isNew(entry.addedAt, today),
        logo: logosOf(entry.slug, request.deps.places).default,
      })),
      // They are few: the first page has them all.
      sources:
        page.pagination.previous === undefined
          ? SOURCE_CATALOG.map(({ install: _install, options: _options, ...source }) => ({
              ...source,
              isNew: isNew(source.addedAt, today),
              logo: logosOf(source.slug, request.deps.places).default,
            }))
          : [],
      pagination: page.pagination,
    };
  },

  getCatalogDestination: async (request, { path }) => {
    const entry = await request.deps.catalog.get(path['idOrSlug'] ?? '');
    if (entry === undefined) throw noSuch('destination', path['idOrSlug']);
    return { destination: { ...entry, logo: logosOf(entry.slug, request.deps.places).default } };
  },

  getCatalogSource: async (request, { path }) => {
    const source = findCatalogSource(path['idOrSlug'] ?? '');
    if (source === undefined) throw noSuch('source', path['idOrSlug']);
    return { source: { ...source, logo: logosOf(source.slug, request.deps.places).default } };
  },
};
