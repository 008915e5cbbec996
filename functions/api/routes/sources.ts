import { isDeepStrictEqual } from 'node:util';
import { findCatalogSource } from '../../../shared/catalog/source-catalog.ts';
import { SourceId } from '../../../shared/domain/ids.ts';
import { SchemaSettings } from '../../../shared/domain/schema-settings.ts';
import { Source, SOURCE_KINDS, SOURCES_MAX } from '../../../shared/domain/workspace.ts';
import { invalid } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { refuseForAuditTrail } from '../resources/audit-source.ts';
import { changeSource, refuseAddresses, refuseTakenSlug, withDefaults } from '../resources/change-source.ts';
import { deleteSource } from '../resources/delete-source.ts';
import { destinationViews } from '../resources/destination-views.ts';
import { changed, faulty, makerOf, overQuota, SUCCESS, unsaved } from '../resources/faults.ts';
import { sourceIn } from '../resources/find-things.ts';
import { appSourceView, sourceView, sourceViews, targetOf, trackingPlanOf } from '../resources/source-views.ts';

export const sourcesHandlers: HandlersOf<
  | 'listSources'
  | 'createSource'
  | 'getSource'
  | 'updateSource'
  | 'deleteSource'
  | 'listConnectedDestinationsFromSource'
  | 'listConnectedWarehousesFromSource'
  | 'listSchemaSettingsInSource'
  | 'updateSchemaSettingsInSource'
  | 'getAppSource'
  | 'updateAppSource'
> = {
  listSources: async (request, { query }) => {
    const items = await request.visibleSources('source.read');
    const page = await request.pages.cut({ name: 'sources', items, keyOf: ({ id }) => id }, query.pagination);
    return { sources: await sourceViews(request, page.items), pagination: page.pagination };
  },

  /**
   * The original's `createSource` has no name: a new source is called by its slug until somebody names it. It gets one write key, and takes events at
   * once where it is made enabled (A14).
   */
  createSource: async (request, { body }) => {
    const { slug, enabled, metadataId, settings = {} } = body;
    const type = findCatalogSource(metadataId);
    const kind = SOURCE_KINDS.find((one) => one === type?.kind);
    if (type === undefined || kind === undefined) {
      throw invalid({
        field: 'metadataId',
        message: 'There is no such type of source; GET /catalog/sources lists them.',
      });
    }
    refuseAddresses(settings);
    const id = SourceId.parse(request.newId('src'));
    const { workspaceId } = request;
    const source = parsedAs(Source, {
      id,
      workspaceId,
      slug,
      name: slug,
      kind,
      enabled,
      catalogId: type.slug,
      createdBy: makerOf(request),
      ...withDefaults(settings),
      ...unsaved(request),
    });
    const key = { writeKey: request.deps.newWriteKey(), workspaceId, sourceId: id, ...unsaved(request) };
    await request.change((config) => {
      if (config.sources.length >= SOURCES_MAX) {
        throw overQuota('sources', SOURCES_MAX, `A workspace has ${SOURCES_MAX} sources at most.`);
      }
      refuseTakenSlug(config, slug);
      return {
        changes: [
          { kind: 'source', verb: 'save', thing: source },
          { kind: 'writeKey', verb: 'save', thing: key },
        ],
        value: undefined,
      };
    });
    return { source: await sourceView(request, source) };
  },

  getSource: async (request, { path }) => {
    const source = sourceIn(await request.config(), path['sourceId']);
    request.matchVersion(source);
    const [view, trackingPlanId] = await Promise.all([sourceView(request, source), trackingPlanOf(request, source.id)]);
    return { source: view, trackingPlanId };
  },

  updateSource: async (request, { path, body }) => {
    const source = await changeSource(request, path['sourceId'], body);
    return { source: await sourceView(request, source) };
  },

  deleteSource: async (request, { path }) => {
    await refuseForAuditTrail(request, path['sourceId']);
    await deleteSource(request, path['sourceId']);
    return SUCCESS;
  },

  listConnectedDestinationsFromSource: async (request, { path, query }) => {
    const { destinations } = await request.config();
    const items = destinations.filter(({ destination }) => destination.sourceId === path['sourceId']);
    const { shown, pagination } = await destinationViews(request, items, `of ${path['sourceId']}`, query.pagination);
    return { destinations: shown, pagination };
  },

  // There are no warehouses.
  listConnectedWarehousesFromSource: async (request, { query }) => {
    const items: never[] = [];
    const { pagination } = await request.pages.cut({ name: 'warehouses', items, keyOf: () => '' }, query.pagination);
    return { warehouses: [], pagination };
  },

  listSchemaSettingsInSource: async (request, { path }) => {
    const { id, schemaSettings = {} } = sourceIn(await request.config(), path['sourceId']);
    return { sourceId: id, settings: schemaSettings };
  },

  /** Kept, and obeyed by nothing before the governance issue. Of each call the members that are given are changed; null ends a forwarding. */
  updateSchemaSettingsInSource: async (request, { path, body }) => {
    const source = await request.change((config) => {
      const before = sourceIn(config, path['sourceId']);
      request.matchVersion(before);
      refuseForwards(request, config.sources, before.id, body);
      const { track, identify, group } = before.schemaSettings ?? {};
      const next = parsedAs(SchemaSettings, {
        ...before.schemaSettings,
        ...withDefaults(body),
        ...(body.track !== undefined && { track: { ...track, ...body.track } }),
        ...(body.identify !== undefined && { identify: { ...identify, ...body.identify } }),
        ...(body.group !== undefined && { group: { ...group, ...body.group } }),
      });
      const thing = changed(Source, before, { schemaSettings: next }, request);
      if (isDeepStrictEqual(before.schemaSettings ?? {}, next)) return { changes: [], value: before };
      return { changes: [{ kind: 'source', verb: 'save', thing }], value: thing };
    });
    return { sourceId: source.id, settings: source.schemaSettings ?? {} };
  },

  getAppSource: async (request, { path }) => {
    const source = sourceIn(await request.config(), path['sourceId']);
    request.matchVersion(source);
    return { source: await appSourceView(request, source) };
  },

  updateAppSource: async (request, { path, body }) => {
    const source = await changeSource(request, path['sourceId'], body);
    return { source: await appSourceView(request, source) };
  },
};

/** What is forwarded goes to another source of the workspace, one that the caller sees. */
function refuseForwards(
  request: ApiRequest,
  sources: readonly Source[],
  from: SourceId,
  body: { forwardingViolationsTo?: string | null | undefined; forwardingBlockedEventsTo?: string | null | undefined },
): void {
  const faults = (['forwardingViolationsTo', 'forwardingBlockedEventsTo'] as const).flatMap((field) => {
    const id = body[field] ?? undefined;
    if (id === undefined) return [];
    if (id === from) return [{ field, message: 'A source does not forward to itself.' }];
    const source = sources.find((one) => one.id === id);
    return source !== undefined && request.may('source.read', targetOf(source))
      ? []
      : [{ field, message: `There is no source ${id}.` }];
  });
  if (faults.length > 0) throw faulty(faults);
}
