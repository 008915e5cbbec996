import { Destination } from '../../../shared/domain/workspace.ts';
import type { CheckOutcome } from '../../../shared/ports/deliver-asks.ts';
import { missingSettings } from '../../../shared/pipeline/rules/setting-faults.ts';
import { CHANGED_MEANWHILE, conflict, invalid } from '../http/api-fault.ts';
import { refused } from '../http/authorise.ts';
import type { HandlersOf } from '../http/request.ts';
import { refuseForAuditTrail } from '../resources/audit-source.ts';
import { isDeviceOnly, requireEntry } from '../resources/change-destination.ts';
import { appDestinationView } from '../resources/destination-views.ts';
import { changed } from '../resources/faults.ts';
import { destinationIn } from '../resources/find-things.ts';
import { refuseIncomplete } from '../resources/given-settings.ts';
import { targetOf } from '../resources/source-views.ts';

/** What needs secrets opened: the API seals them and cannot read any (K1), so the function that delivers does it. */
export const destinationSecretsHandlers: HandlersOf<'copyDestinationSettings' | 'checkDestination'> = {
  /**
   * Takes settings and secrets of another instance of the same type (B24). Who copies secrets may afterwards send them elsewhere by changing an
   * address: so it takes the right to edit both.
   */
  copyDestinationSettings: async (request, { path, body: { fromDestinationId } }) => {
    const config = await request.config();
    const to = destinationIn(config, path['destinationId']).destination;
    const from = config.destinations.find(({ destination }) => destination.id === fromDestinationId)?.destination;
    const source = config.sources.find(({ id }) => id === from?.sourceId);
    if (from === undefined || source === undefined || !request.may('destination.read', targetOf(source))) {
      throw invalid({ field: 'fromDestinationId', message: `There is no destination ${fromDestinationId}.` });
    }
    if (!request.may('destination.edit', targetOf(source))) throw await refused(request, 'destination.edit');
    if (from.type !== to.type || from.id === to.id) {
      throw invalid({ field: 'fromDestinationId', message: `It must be another destination of the type ${to.type}.` });
    }
    const entry = await requireEntry(request, to);
    const hasSecrets = Object.keys(from.secrets).length > 0;
    const secrets = hasSecrets ? await (await request.deps.deliver()).reseal(request.workspaceId, from.id, to.id) : {};
    await request.change(async (now) => {
      const { destination } = destinationIn(now, to.id);
      await refuseForAuditTrail(request, destination.sourceId);
      request.matchVersion(destination);
      // What was sealed anew must be of what is copied.
      if (destinationIn(now, from.id).destination.version !== from.version) throw conflict(CHANGED_MEANWHILE);
      const thing = changed(Destination, destination, { settings: from.settings, secrets }, request);
      if (thing.enabled) refuseIncomplete(entry, thing);
      return { changes: [{ kind: 'destination', verb: 'save', thing }], value: undefined };
    });
    const { destination } = destinationIn(await request.config(), to.id);
    return { destination: await appDestinationView(request, destination) };
  },

  checkDestination: async (request, { path }) => {
    const { destination } = destinationIn(await request.config(), path['destinationId']);
    const entry = await requireEntry(request, destination);
    const checkedAt = request.now().toISOString();
    const missing = missingSettings(entry.settings, { ...destination.settings, ...destination.secrets });
    if (isDeviceOnly(entry)) {
      const message = `${entry.name} runs in the visitor’s browser: there is nothing to ask it from here.`;
      return { check: { outcome: 'not-offered', message, requests: 0, checkedAt } };
    }
    if (missing.length > 0) {
      const message = `Not complete: ${missing.map(({ key }) => key).join(', ')} is required.`;
      return { check: { outcome: 'refused', message, requests: 0, checkedAt } };
    }
    const deliver = await request.deps.deliver();
    const outcome = await deliver.check(request.workspaceId, destination.id);
    return { check: { ...said(outcome, entry.name), checkedAt } };
  },
};

function said(outcome: CheckOutcome, name: string) {
  if (outcome.outcome === 'not-offered') {
    return { outcome: 'not-offered' as const, message: `${name} has no check of credentials.`, requests: 0 };
  }
  if (outcome.outcome === 'refused') {
    const { message, status, requests } = outcome;
    return { outcome: 'refused' as const, message, ...(status !== undefined && { status }), requests };
  }
  const { requests } = outcome;
  return requests > 0
    ? { outcome: 'accepted' as const, message: `${name} took them.`, requests }
    : {
        outcome: 'not-asked' as const,
        message: `Nothing stands against them, but ${name} was not asked: its check makes no request. Whether they are good the first delivery shows.`,
        requests,
      };
}
