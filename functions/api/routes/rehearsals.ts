import { environmentOf } from '../../../shared/domain/environment.ts';
import { rehearsalAt } from '../../../shared/domain/rehearsal.ts';
import { Destination } from '../../../shared/domain/workspace.ts';
import { ApiFault, conflict } from '../http/api-fault.ts';
import type { HandlersOf } from '../http/request.ts';
import { refuseForAuditTrail } from '../resources/audit-source.ts';
import { changed, SUCCESS, tellVersion } from '../resources/faults.ts';
import { destinationIn, type FoundDestination } from '../resources/find-things.ts';

const MINUTE_MS = 60_000;
/** The slug of the one type that asks nobody over HTTP. */
const INBOX = 'inbox';

/** An outage that is not real is made where nobody is served; where nobody has said what is, somebody must. */
function refuseInProduction({ source, destination }: FoundDestination, isConfirmed: boolean): void {
  if (destination.type === INBOX) throw conflict('The Inbox asks no tool: there is no outage to rehearse.');
  const environment = environmentOf(source.labels);
  if (environment === 'production') {
    throw conflict(`${source.slug} is labelled as production: an outage is rehearsed in another environment.`);
  }
  if (environment === 'other' || isConfirmed) return;
  throw new ApiFault(409, [
    {
      type: 'confirmation-required',
      field: 'confirm',
      message: `${source.slug} has no label that says that its environment is not production. Label it (dev, test, staging), or say confirm: true: its events will not reach ${destination.name} meanwhile.`,
    },
  ]);
}

export const rehearsalsHandlers: HandlersOf<'startRehearsal' | 'endRehearsal'> = {
  /** One that is under way is replaced. */
  startRehearsal: async (request, { path, body: { status, minutes, confirm = false } }) => {
    const rehearsal = await request.change(async (config) => {
      const found = destinationIn(config, path['destinationId']);
      request.matchVersion(found.destination);
      await refuseForAuditTrail(request, found.source.id);
      refuseInProduction(found, confirm);
      const until = new Date(request.now().getTime() + minutes * MINUTE_MS).toISOString();
      const thing = changed(Destination, found.destination, { rehearsal: { status, until } }, request);
      tellVersion(request, thing.version + 1);
      return { changes: [{ kind: 'destination', verb: 'save', thing }], value: { status, until } };
    });
    return { rehearsal };
  },

  endRehearsal: async (request, { path }) => {
    await request.change(async (config) => {
      const { destination, source } = destinationIn(config, path['destinationId']);
      request.matchVersion(destination);
      if (destination.rehearsal === undefined) return { changes: [], value: undefined };
      if (rehearsalAt(destination, source, request.now().getTime()) !== undefined) {
        await refuseForAuditTrail(request, source.id);
      }
      const thing = changed(Destination, destination, { rehearsal: undefined }, request);
      tellVersion(request, thing.version + 1);
      return { changes: [{ kind: 'destination', verb: 'save', thing }], value: undefined };
    });
    return SUCCESS;
  },
};
