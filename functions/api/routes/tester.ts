import type { BodyOf } from '../../../shared/api/operation.ts';
import type { Handled } from '../../../shared/api/operations.ts';
import { triggerCondition } from '../../../shared/domain/condition.ts';
import type { CatalogDestination } from '../../../shared/catalog/catalog-entry.ts';
import { defaultFields } from '../../../shared/destinations/read-definition.ts';
import { EVENT_TYPES, type EventType } from '../../../shared/domain/event.ts';
import { MappingId } from '../../../shared/domain/ids.ts';
import type { JsonObject } from '../../../shared/domain/json.ts';
import { sampleEvent } from '../../../shared/domain/sample-event.ts';
import type { Mapping } from '../../../shared/domain/workspace.ts';
import { MAPPINGS_PER_DESTINATION_MAX } from '../../../shared/domain/rule-bounds.ts';
import type { TrialAsk, TriedMapping } from '../../../shared/ports/deliver-asks.ts';
import type { ApiDeps } from '../api-deps.ts';
import { ApiFault, conflict, invalid, noSuchType } from '../http/api-fault.ts';
import { refused } from '../http/authorise.ts';
import { hintOf } from '../http/change-in.ts';
import { type RateWindow, rateWindow } from '../http/rate-window.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { refuseForAuditTrail } from '../resources/audit-source.ts';
import { isDeviceOnly, requireEntry } from '../resources/change-destination.ts';
import { readFields, refuseTrigger, requireAction } from '../resources/change-mapping.ts';
import { destinationIn, type FoundDestination, mappingIn, sourceIn } from '../resources/find-things.ts';
import { targetOf } from '../resources/source-views.ts';

/** Of an action for which its maker had no trigger in mind. */
const ALL_EVENTS = EVENT_TYPES.map((type) => `type = "${type}"`).join(' or ');

/** Events that one person may really send to one destination in a minute, by one environment of the function. */
export const REAL_TESTS_PER_MINUTE_MAX = 30;

const windows = new WeakMap<ApiDeps, RateWindow>();

/** Throws ApiFault 429 for who sends so much that it is no test any more. */
function refuseFlood({ deps, caller, now }: ApiRequest, destinationId: string): void {
  const window = windows.get(deps) ?? rateWindow(() => now().getTime());
  windows.set(deps, window);
  const { outcome, leftMs } = window.count(`${caller.id} ${destinationId}`, REAL_TESTS_PER_MINUTE_MAX);
  if (outcome === 'within') return;
  throw new ApiFault(
    429,
    [
      {
        type: 'RequestError',
        message: `To one destination ${REAL_TESTS_PER_MINUTE_MAX} test events are sent in a minute; a dry run sends none.`,
        data: { remainingPoints: 0, msBeforeNext: leftMs },
      },
    ],
    { 'Retry-After': String(Math.ceil(leftMs / 1_000)) },
  );
}

/** What a real send takes beyond a dry run: the right, a tool to send to, moderation, and an entry in the audit trail, without the event. */
async function admitReal(
  request: ApiRequest,
  { destination, source }: FoundDestination,
  told: { type: string; subscriptionId: string | undefined; applyFilters: boolean },
): Promise<void> {
  if (!request.may('destination.edit', targetOf(source))) throw await refused(request, 'destination.edit');
  await refuseForAuditTrail(request, source.id);
  refuseFlood(request, destination.id);
  const { subscriptionId, ...rest } = told;
  const entry = await request.control.addEntry(request.workspaceId, {
    event: 'Event Tester Used',
    resource: { type: 'DESTINATION', id: destination.id, name: destination.name },
    after: { ...rest, ...(subscriptionId !== undefined && { subscriptionId }) },
  });
  await hintOf(request.deps, request.workspaceId, [entry]);
}

/** What a destination of a type begins with. */
const firstMappings = ({ presets, actions }: CatalogDestination): TrialAsk['mappings'] =>
  (presets.length > 0
    ? presets
    : actions.map((action) => ({
        name: action.title,
        action: action.key,
        trigger: action.defaultTrigger ?? ALL_EVENTS,
        fields: defaultFields(action),
      }))
  ).slice(0, MAPPINGS_PER_DESTINATION_MAX);

/** A mapping as its editor has it, checked as if it were to be saved. Throws ApiFault 422 that points at what is wrong in it. */
function draftOf(
  entry: CatalogDestination,
  { name, actionId, trigger, settings }: NonNullable<DraftBody>,
  saved: Mapping | undefined,
): TriedMapping {
  const action = requireAction(entry, actionId, 'subscription.actionId');
  refuseTrigger(trigger, 'subscription.trigger');
  const fields = readFields(entry, action, settings, saved?.fields ?? {}, 'subscription.settings');
  return { name: name ?? saved?.name ?? action.title, action: action.key, trigger, fields };
}
type DraftBody = BodyOf<Handled['testDestination']>['subscription'];

const KNOWN_TYPE = /^[a-z]{1,16}$/;

export const testerHandlers: HandlersOf<'testDestination' | 'dryRunCatalogDestination' | 'getSampleEvent'> = {
  testDestination: async (request, { path, body }) => {
    const found = destinationIn(await request.config(), path['destinationId']);
    const { event, subscriptionId, subscription, applyFilters, dryRun } = body;
    const mapping = subscriptionId === undefined ? undefined : mappingIn(found, subscriptionId);
    const entry = await request.deps.catalog.get(found.destination.type);
    if (entry !== undefined && isDeviceOnly(entry)) {
      throw conflict('Browsers alone feed this tool: there is nothing to send from here.');
    }
    if (subscription !== undefined && !dryRun) {
      throw invalid({
        field: 'subscription',
        message: 'What is not saved sends nothing: save it first, or dry-run it.',
      });
    }
    const draft =
      subscription === undefined
        ? undefined
        : draftOf(await requireEntry(request, found.destination), subscription, mapping);
    if (!dryRun) {
      const type = typeof event['type'] === 'string' && KNOWN_TYPE.test(event['type']) ? event['type'] : 'unknown';
      await admitReal(request, found, { type, subscriptionId, applyFilters });
    }
    const deliver = await request.deps.deliver();
    return await deliver.test({
      workspaceId: request.workspaceId,
      destinationId: found.destination.id,
      event: event as JsonObject,
      ...(mapping !== undefined && { subscriptionId: MappingId.parse(mapping.id) }),
      ...(draft !== undefined && { mapping: draft }),
      applyFilters,
      dryRun,
    });
  },

  /** By the presets of the type; of one that has none by what its actions begin with. Nothing is made, and nobody is told. */
  dryRunCatalogDestination: async (request, { path, body }) => {
    const source = sourceIn(await request.config(), body.sourceId);
    const entry = await request.deps.catalog.get(path['idOrSlug'] ?? '');
    if (entry === undefined) throw noSuchType('destination', path['idOrSlug']);
    if (isDeviceOnly(entry)) throw conflict('Browsers alone feed this tool: there is nothing to send from here.');
    const deliver = await request.deps.deliver();
    return await deliver.trial({
      workspaceId: request.workspaceId,
      sourceId: source.id,
      type: entry.slug,
      event: body.event as JsonObject,
      mappings: firstMappings(entry),
    });
  },

  /** By the mapping that is named, else by the first that is enabled; by the type alone where the destination has none. */
  getSampleEvent: async (request, { path, query }) => {
    const found = destinationIn(await request.config(), path['destinationId']);
    const { subscriptionId, type } = query;
    const mapping =
      subscriptionId === undefined && type === undefined
        ? found.mappings.find(({ enabled }) => enabled)
        : subscriptionId === undefined
          ? undefined
          : mappingIn(found, subscriptionId);
    const entry = await request.deps.catalog.get(found.destination.type);
    const definitions = entry?.actions.find(({ key }) => key === mapping?.action)?.fields;
    const event = sampleEvent({
      ...(definitions !== undefined && { definitions }),
      ...(type !== undefined && { type: type satisfies EventType }),
      ...(mapping !== undefined && { trigger: mapping.trigger, fields: mapping.fields }),
    });
    return {
      event,
      subscriptionId: mapping?.id ?? null,
      matches: mapping === undefined ? null : triggerCondition(mapping.trigger)(event) === true,
    };
  },
};
