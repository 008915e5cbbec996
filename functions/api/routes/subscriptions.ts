import { MappingId } from '../../../shared/domain/ids.ts';
import { Mapping } from '../../../shared/domain/workspace.ts';
import { defaultFields } from '../../../shared/destinations/read-definition.ts';
import { invalid } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { requireEntry } from '../resources/change-destination.ts';
import {
  copyOf,
  readFields,
  refuseManyMappings,
  refuseTrigger,
  refuseUnfinished,
  requireAction,
} from '../resources/change-mapping.ts';
import { entryOf, subscriptionView } from '../resources/destination-views.ts';
import { changed, differs, SUCCESS, tellVersion, unsaved } from '../resources/faults.ts';
import { destinationIn, mappingIn } from '../resources/find-things.ts';

/** The words of both calls for what there is not. */
const NO_MODEL = 'Reverse ETL is not offered: leave it out.';

export const subscriptionsHandlers: HandlersOf<
  | 'listSubscriptionsFromDestination'
  | 'createDestinationSubscription'
  | 'getSubscriptionFromDestination'
  | 'updateSubscriptionForDestination'
  | 'removeSubscriptionFromDestination'
  | 'createMappingsFromPresets'
  | 'duplicateSubscription'
> = {
  listSubscriptionsFromDestination: async (request, { path, query }) => {
    const { destination, mappings } = destinationIn(await request.config(), path['destinationId']);
    const entry = await entryOf(request, destination.type);
    const page = await request.pages.cut(
      { name: `subscriptions of ${destination.id}`, items: mappings, keyOf: ({ id }) => id },
      query.pagination,
    );
    return {
      subscriptions: page.items.map((mapping) => subscriptionView(entry, mapping)),
      pagination: page.pagination,
    };
  },

  /** `settings` is the field map; left out, it is the action's defaults. */
  createDestinationSubscription: async (request, { path, body }) => {
    if (body.modelId !== undefined) throw invalid({ field: 'modelId', message: NO_MODEL });
    const entry = await requireEntry(request, destinationIn(await request.config(), path['destinationId']).destination);
    const action = requireAction(entry, body.actionId, 'actionId');
    refuseTrigger(body.trigger, 'trigger');
    const fields =
      body.settings === undefined ? defaultFields(action) : readFields(entry, action, body.settings, {}, 'settings');
    if (body.enabled) refuseUnfinished(action, fields, 'settings');
    const id = MappingId.parse(request.newId('map'));
    const mapping = await request.change((config) => {
      const { destination, mappings } = destinationIn(config, path['destinationId']);
      refuseManyMappings(mappings.length + 1);
      const thing = parsedAs(Mapping, {
        id,
        workspaceId: request.workspaceId,
        destinationId: destination.id,
        name: body.name,
        action: action.key,
        trigger: body.trigger,
        fields,
        enabled: body.enabled,
        ...unsaved(request),
      });
      return { changes: [{ kind: 'mapping', verb: 'save', thing }], value: thing };
    });
    return { destinationSubscription: subscriptionView(entry, mapping) };
  },

  getSubscriptionFromDestination: async (request, { path }) => {
    const found = destinationIn(await request.config(), path['destinationId']);
    const mapping = mappingIn(found, path['id']);
    request.matchVersion(mapping);
    return { subscription: subscriptionView(await entryOf(request, found.destination.type), mapping) };
  },

  /** `settings`, where it is given, takes the place of the whole field map; dots in it leave the secret that was there. */
  updateSubscriptionForDestination: async (request, { path, body: { input } }) => {
    for (const field of ['reverseETLModelId', 'reverseETLSchedule'] as const) {
      if (input[field] !== undefined) throw invalid({ field: `input.${field}`, message: NO_MODEL });
    }
    const found = destinationIn(await request.config(), path['destinationId']);
    const entry = await requireEntry(request, found.destination);
    const isNew = input.trigger !== mappingIn(found, path['id']).trigger;
    if (input.trigger !== undefined && isNew) refuseTrigger(input.trigger, 'input.trigger');
    const mapping = await request.change((config) => {
      const before = mappingIn(destinationIn(config, path['destinationId']), path['id']);
      request.matchVersion(before);
      const action = requireAction(entry, before.action, 'input.settings');
      const fields =
        input.settings === undefined
          ? before.fields
          : readFields(entry, action, input.settings, before.fields, 'input.settings');
      const { name = before.name, trigger = before.trigger, enabled = before.enabled } = input;
      const thing = changed(Mapping, before, { name, trigger, enabled, fields }, request);
      if (!differs(before, thing)) return { changes: [], value: before };
      if (enabled && (input.enabled === true || input.settings !== undefined)) {
        refuseUnfinished(action, thing.fields, 'input.settings');
      }
      tellVersion(request, thing.version + 1);
      return { changes: [{ kind: 'mapping', verb: 'save', thing }], value: thing };
    });
    return { subscription: subscriptionView(entry, mapping) };
  },

  removeSubscriptionFromDestination: async (request, { path }) => {
    await request.change((config) => {
      const thing = mappingIn(destinationIn(config, path['destinationId']), path['id']);
      request.matchVersion(thing);
      return { changes: [{ kind: 'mapping', verb: 'remove', thing }], value: undefined };
    });
    return SUCCESS;
  },

  createMappingsFromPresets: async (request, { path, body }) => {
    const { destination } = destinationIn(await request.config(), path['destinationId']);
    const entry = await requireEntry(request, destination);
    const { names } = body ?? {};
    const unknown = names?.findIndex((name) => !entry.presets.some((preset) => preset.name === name)) ?? -1;
    if (unknown >= 0) {
      throw invalid({ field: `names.${unknown}`, message: `${entry.name} has no such preset.` });
    }
    const wanted = entry.presets.filter(({ name }) => names === undefined || names.includes(name));
    const made = await inBatches(request, wanted, (config, preset) => {
      const { mappings } = destinationIn(config, path['destinationId']);
      return mappings.some(({ name }) => name === preset.name)
        ? undefined
        : parsedAs(Mapping, {
            id: request.newId('map'),
            workspaceId: request.workspaceId,
            destinationId: destination.id,
            ...preset,
            enabled: false,
            ...unsaved(request),
          });
    });
    return { subscriptions: made.map((mapping) => subscriptionView(entry, mapping)) };
  },

  duplicateSubscription: async (request, { path }) => {
    const { destination } = destinationIn(await request.config(), path['destinationId']);
    const id = MappingId.parse(request.newId('map'));
    const copy = await request.change((config) => {
      const found = destinationIn(config, path['destinationId']);
      const mapping = mappingIn(found, path['id']);
      refuseManyMappings(found.mappings.length + 1);
      const thing = copyOf(mapping, { id, ...unsaved(request) });
      return { changes: [{ kind: 'mapping', verb: 'save', thing }], value: thing };
    });
    return { subscription: subscriptionView(await entryOf(request, destination.type), copy) };
  },
};

/** Presets of one commit: their field maps may be large, and a transaction takes 4 MB. */
const PRESETS_PER_COMMIT = 20;

/** Makes mappings in commits of bounded size. Sent again after a crash it makes those that are missing. */
async function inBatches<T>(
  request: ApiRequest,
  wanted: readonly T[],
  make: (config: Awaited<ReturnType<ApiRequest['config']>>, one: T) => Mapping | undefined,
): Promise<Mapping[]> {
  const made: Mapping[] = [];
  for (let begin = 0; begin < wanted.length; begin += PRESETS_PER_COMMIT) {
    const some = wanted.slice(begin, begin + PRESETS_PER_COMMIT);
    made.push(
      ...(await request.change((config) => {
        const things = some.flatMap((one) => make(config, one) ?? []);
        const [first] = things;
        if (first !== undefined) {
          const { mappings } = destinationIn(config, first.destinationId);
          refuseManyMappings(mappings.length + things.length);
        }
        return {
          changes: things.map((thing) => ({ kind: 'mapping' as const, verb: 'save' as const, thing })),
          value: things,
        };
      })),
    );
  }
  return made;
}
