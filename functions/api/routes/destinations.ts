import { DestinationId } from '../../../shared/domain/ids.ts';
import { Destination, DESTINATIONS_MAX, INSTANCES_PER_SOURCE_MAX } from '../../../shared/domain/workspace.ts';
import { invalid } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { HandlersOf } from '../http/request.ts';
import { refuseForAuditTrail } from '../resources/audit-source.ts';
import {
  changeDestination,
  freeName,
  instancesOf,
  isDeviceOnly,
  refuseTakenName,
  refuseUnfit,
} from '../resources/change-destination.ts';
import { deleteDestination } from '../resources/delete-source.ts';
import { appDestinationView, destinationView, destinationViews } from '../resources/destination-views.ts';
import { overQuota, SUCCESS, taken, unsaved } from '../resources/faults.ts';
import { destinationIn, sourceIn } from '../resources/find-things.ts';
import { applySettings, readSettings, refuseIncomplete } from '../resources/given-settings.ts';
import { targetOf } from '../resources/source-views.ts';

export const destinationsHandlers: HandlersOf<
  | 'listDestinations'
  | 'createDestination'
  | 'getDestination'
  | 'updateDestination'
  | 'deleteDestination'
  | 'getAppDestination'
  | 'updateAppDestination'
> = {
  listDestinations: async (request, { query }) => {
    const { sources, destinations } = await request.config();
    const seen = new Set(
      sources.filter((source) => request.may('destination.read', targetOf(source))).map(({ id }) => id),
    );
    const items = destinations.filter(({ destination }) => seen.has(destination.sourceId));
    const { shown, pagination } = await destinationViews(request, items, 'all', query.pagination);
    return { destinations: shown, pagination };
  },

  /**
   * Disabled unless it is said to be enabled and has all that its type requires (B06, B07). It has no mappings: POST /app-api/destinations/{id}/presets
   * makes those of its type, POST /destinations/{id}/subscriptions any other.
   */
  createDestination: async (request, { body }) => {
    const { metadataId, sourceId, enabled = false, settings } = body;
    const entry = await request.deps.catalog.get(metadataId);
    if (entry === undefined) {
      throw invalid({
        field: 'metadataId',
        message: 'There is no such type of destination; GET /catalog/destinations lists them.',
      });
    }
    const id = DestinationId.parse(request.newId('dst'));
    const given = await readSettings(request, entry, id, settings);
    const destination = await request.change(async (config) => {
      const source = sourceIn(config, sourceId);
      await refuseForAuditTrail(request, source.id);
      if (!entry.sourceKinds.includes(source.kind)) {
        throw invalid({
          field: 'sourceId',
          message: `${entry.name} takes events of ${entry.sourceKinds.join(', ')} sources, and ${source.slug} is a ${source.kind} (B05).`,
        });
      }
      if (config.destinations.length >= DESTINATIONS_MAX) {
        throw overQuota('destinations', DESTINATIONS_MAX, `A workspace has ${DESTINATIONS_MAX} destinations at most.`);
      }
      const instances = instancesOf(config, entry.slug, source.id);
      if (isDeviceOnly(entry) && instances.length > 0) {
        throw taken('metadataId', `${source.slug} has a ${entry.name} already, and a website has one (B08).`);
      }
      if (instances.length >= INSTANCES_PER_SOURCE_MAX) {
        throw overQuota(
          'instances',
          INSTANCES_PER_SOURCE_MAX,
          `A source has ${INSTANCES_PER_SOURCE_MAX} destinations of one type at most (B08).`,
        );
      }
      if (body.name !== undefined) refuseTakenName(body.name, instances);
      const thing = parsedAs(Destination, {
        id,
        workspaceId: request.workspaceId,
        sourceId: source.id,
        name: body.name ?? freeName(entry.name, instances),
        type: entry.slug,
        enabled,
        // B09: a website's tool runs in the browser where it can, everything else is sent from here.
        connectionMode: isDeviceOnly(entry) ? 'device' : 'cloud',
        ...applySettings({ settings: {}, secrets: {} }, given),
        ...unsaved(request),
      });
      refuseUnfit(entry, { source }, thing, instances);
      if (enabled) refuseIncomplete(entry, thing);
      return { changes: [{ kind: 'destination', verb: 'save', thing }], value: thing };
    });
    return { destination: await destinationView(request, destination) };
  },

  getDestination: async (request, { path }) => {
    const { destination } = destinationIn(await request.config(), path['destinationId']);
    request.matchVersion(destination);
    return { destination: await destinationView(request, destination) };
  },

  /** Settings that are not named stay; null takes one away, and dots in the place of a secret leave it as it is. */
  updateDestination: async (request, { path, body }) => {
    const destination = await changeDestination(request, path['destinationId'], body);
    return { destination: await destinationView(request, destination) };
  },

  deleteDestination: async (request, { path }) => {
    const { destination } = destinationIn(await request.config(), path['destinationId']);
    request.matchVersion(destination);
    await deleteDestination(request, destination.id);
    return SUCCESS;
  },

  getAppDestination: async (request, { path }) => {
    const { destination } = destinationIn(await request.config(), path['destinationId']);
    request.matchVersion(destination);
    return { destination: await appDestinationView(request, destination) };
  },

  updateAppDestination: async (request, { path, body }) => {
    const changed = await changeDestination(request, path['destinationId'], body);
    // Its lane was found in the transaction.
    const { destination } = destinationIn(await request.config(), changed.id);
    return { destination: await appDestinationView(request, destination) };
  },
};
