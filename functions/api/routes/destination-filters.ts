import type * as z from 'zod';
import type { DestinationFilterV1 } from '../../../shared/api/shapes.ts';
import type { TributaryEvent } from '../../../shared/domain/event.ts';
import { Filter } from '../../../shared/domain/filter.ts';
import { FILTERS_PER_DESTINATION_MAX } from '../../../shared/domain/rule-bounds.ts';
import { applyFilters } from '../../../shared/domain/filter-verdict.ts';
import { FilterId } from '../../../shared/domain/ids.ts';
import { invalid } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { HandlersOf } from '../http/request.ts';
import { changed, differs, overQuota, SUCCESS, tellVersion, unsaved } from '../resources/faults.ts';
import { readActions, refuseCondition } from '../resources/given-filters.ts';
import { destinationIn, filterIn, refuseUnseen } from '../resources/find-things.ts';

const shown = (filter: Filter, sourceId: string): z.output<ReturnType<typeof DestinationFilterV1>> => {
  const { id, destinationId, title, description, if: condition, actions, enabled, createdAt, updatedAt } = filter;
  return {
    id,
    sourceId,
    destinationId,
    if: condition,
    actions,
    title,
    ...(description !== undefined && { description }),
    enabled,
    createdAt,
    updatedAt,
  };
};

export const destinationFiltersHandlers: HandlersOf<
  | 'listFiltersFromDestination'
  | 'createFilterForDestination'
  | 'getFilterInDestination'
  | 'updateFilterForDestination'
  | 'removeFilterFromDestination'
  | 'previewDestinationFilter'
> = {
  listFiltersFromDestination: async (request, { path, query }) => {
    const { destination, filters } = destinationIn(await request.config(), path['destinationId']);
    const page = await request.pages.cut(
      { name: `filters of ${destination.id}`, items: filters, keyOf: ({ id }) => id },
      query.pagination,
    );
    return {
      filters: page.items.map((filter) => shown(filter, destination.sourceId)),
      pagination: page.pagination,
    };
  },

  createFilterForDestination: async (request, { path, body }) => {
    const { sourceId, ...given } = body;
    refuseUnseen(request, await request.config(), sourceId);
    refuseCondition(body.if, 'if');
    const actions = readActions(body.actions, 'actions');
    const id = FilterId.parse(request.newId('flt'));
    const { workspaceId } = request;
    return await request.change((config) => {
      const { destination, filters } = destinationIn(config, path['destinationId']);
      if (sourceId !== destination.sourceId) {
        throw invalid({
          field: 'sourceId',
          message: 'The destination is of another source.',
        });
      }
      if (filters.length >= FILTERS_PER_DESTINATION_MAX) {
        throw overQuota(
          'filters',
          FILTERS_PER_DESTINATION_MAX,
          `A destination has ${FILTERS_PER_DESTINATION_MAX} filters at most.`,
        );
      }
      const thing = parsedAs(Filter, {
        ...given,
        actions,
        id,
        workspaceId,
        destinationId: destination.id,
        ...unsaved(request),
      });
      return { changes: [{ kind: 'filter', verb: 'save', thing }], value: { filter: shown(thing, sourceId) } };
    });
  },

  getFilterInDestination: async (request, { path }) => {
    const found = destinationIn(await request.config(), path['destinationId']);
    const filter = filterIn(found, path['filterId']);
    request.matchVersion(filter);
    return { filter: shown(filter, found.destination.sourceId) };
  },

  /** `description: null` takes the description away. */
  updateFilterForDestination: async (request, { path, body }) => {
    if (body.if !== undefined) refuseCondition(body.if, 'if');
    const actions = body.actions === undefined ? undefined : readActions(body.actions, 'actions');
    return await request.change((config) => {
      const found = destinationIn(config, path['destinationId']);
      const before = filterIn(found, path['filterId']);
      request.matchVersion(before);
      const { description, ...rest } = body;
      const members = {
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
        ...(actions !== undefined && { actions }),
        ...(description !== undefined && { description: description ?? undefined }),
      };
      const thing = changed(Filter, before, members, request);
      const value = { filter: shown(thing, found.destination.sourceId) };
      if (!differs(before, thing)) return { changes: [], value: { filter: shown(before, found.destination.sourceId) } };
      tellVersion(request, thing.version + 1);
      return { changes: [{ kind: 'filter', verb: 'save', thing }], value };
    });
  },

  removeFilterFromDestination: async (request, { path }) => {
    await request.change((config) => {
      const thing = filterIn(destinationIn(config, path['destinationId']), path['filterId']);
      request.matchVersion(thing);
      return { changes: [{ kind: 'filter', verb: 'remove', thing }], value: undefined };
    });
    return SUCCESS;
  },

  /** What route's own code makes of the event; nothing is sent or kept. `result` null: it is not sent. */
  previewDestinationFilter: async (request, { body }) => {
    const { filter, payload } = body;
    refuseCondition(filter.if, 'filter.if');
    const preview = parsedAs(Filter, {
      id: 'flt_preview',
      workspaceId: request.workspaceId,
      destinationId: 'dst_preview',
      title: 'Preview',
      if: filter.if,
      actions: readActions(filter.actions, 'filter.actions'),
      enabled: true,
      ...unsaved(request),
    });
    const verdict = applyFilters(payload as TributaryEvent, [preview]);
    return { inputPayload: payload, result: verdict.verdict === 'passes' ? verdict.event : null };
  },
};
