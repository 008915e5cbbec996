import type * as z from 'zod';
import type { Alert as ShownAlert } from '../../../shared/api/operations/alert-shapes.ts';
import { isOwner } from '../../../shared/domain/access.ts';
import {
  Alert,
  type alertCondition,
  ALERTS_MAX,
  ALERTS_PER_MAKER_MAX,
  alertsOf,
  conditionFaults,
  isDefaultAlert,
} from '../../../shared/domain/alert.ts';
import type { AlertMarks } from '../../../shared/domain/alert-notes.ts';
import { AlertId } from '../../../shared/domain/ids.ts';
import type { WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { conflict, notFound } from '../http/api-fault.ts';
import { refused } from '../http/authorise.ts';
import { parsedAs } from '../http/read-input.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { channelShown, keptChannels } from '../resources/alert-channels.ts';
import { changed, differs, faulty, makerOf, overQuota, SUCCESS, tellVersion, unsaved } from '../resources/faults.ts';
import { targetOf } from '../resources/source-views.ts';

type Shown = z.output<ReturnType<typeof ShownAlert>>;

const owns = ({ caller }: ApiRequest): boolean => isOwner(caller.permissions);
const mayEdit = (request: ApiRequest, { createdBy }: Alert): boolean =>
  owns(request) || (createdBy !== undefined && createdBy.id === request.caller.id);
/** Default alerts say what everybody is told of: all see them, owners change them. */
const maySee = (request: ApiRequest, alert: Alert): boolean => isDefaultAlert(alert) || mayEdit(request, alert);

/** H09: owners see, change and delete all; others what they have made. */
export const alertsHandlers: HandlersOf<
  'listAlerts' | 'createAlert' | 'getAlert' | 'updateAlert' | 'deleteAlert' | 'testAlert'
> = {
  listAlerts: async (request, { query }) => {
    const [items, marks] = await Promise.all([seen(request), marksOf(request)]);
    const page = await request.pages.cut({ name: 'alerts', items, keyOf: ({ id }) => id }, query.pagination);
    return { alerts: page.items.map((alert) => shown(request, alert, marks)), pagination: page.pagination };
  },

  createAlert: async (request, { body }) => {
    const id = AlertId.parse(request.newId('alr'));
    const { channels: given, ...fields } = body;
    await refuseWrong(request, fields, await request.config());
    const channels = await keptChannels(request, id, given, []);
    const thing = await request.change(async (config) => {
      const alerts = await request.control.listAlerts(request.workspaceId);
      if (alerts.length >= ALERTS_MAX) {
        throw overQuota('alerts', ALERTS_MAX, `A workspace has ${ALERTS_MAX} alerts at most.`);
      }
      const own = alerts.filter(({ createdBy }) => createdBy?.id === request.caller.id);
      if (!owns(request) && own.length >= ALERTS_PER_MAKER_MAX) {
        throw overQuota(
          'alerts',
          ALERTS_PER_MAKER_MAX,
          `Nobody but owners makes more than ${ALERTS_PER_MAKER_MAX} alerts.`,
        );
      }
      const made = parsedAs(Alert, {
        id,
        workspaceId: request.workspaceId,
        ...fields,
        channels,
        createdBy: { id: request.caller.id, name: makerOf(request) },
        ...unsaved(request),
      });
      await refuseWrong(request, made, config);
      return { changes: [{ kind: 'alert', verb: 'save', thing: made }], value: made };
    });
    return { alert: shown(request, thing, {}) };
  },

  getAlert: async (request, { path }) => {
    const alert = await alertOf(request, path['alertId']);
    request.matchVersion(alert);
    return { alert: shown(request, alert, await marksOf(request)) };
  },

  updateAlert: async (request, { path, body }) => {
    const found = await editable(request, path['alertId']);
    const { channels: given, ...fields } = body;
    const channels = given && (await keptChannels(request, found.id, given, found.channels));
    const thing = await request.change(async (config) => {
      const before = await editable(request, path['alertId']);
      request.matchVersion(before);
      // Dots were read against the channels that were there.
      if (channels !== undefined && before.version !== found.version) throw conflict('It was changed in between.');
      const members = { ...fields, ...(channels !== undefined && { channels }) };
      const next = changed(Alert, before, withoutNulls(members), request);
      await refuseWrong(request, next, config);
      if (!differs(before, next)) return { changes: [], value: before };
      tellVersion(request, next.version + 1);
      return { changes: [{ kind: 'alert', verb: 'save', thing: next }], value: next };
    });
    return { alert: shown(request, thing, await marksOf(request)) };
  },

  deleteAlert: async (request, { path }) => {
    await request.change(async () => {
      const thing = await editable(request, path['alertId']);
      if (isDefaultAlert(thing)) throw conflict('This alert exists without being made: switch it off instead.');
      request.matchVersion(thing);
      return { changes: [{ kind: 'alert', verb: 'remove', thing }], value: undefined };
    });
    return SUCCESS;
  },

  testAlert: async (request, { path }) => {
    const alert = await editable(request, path['alertId']);
    return { channels: await request.deps.alertSender.test(request.workspaceId, alert.id) };
  },
};

async function seen(request: ApiRequest): Promise<Alert[]> {
  const saved = await request.control.listAlerts(request.workspaceId);
  return alertsOf(request.workspaceId, saved).filter((alert) => maySee(request, alert));
}

/** Throws ApiFault 404 for what is not there, and alike for what the caller does not see. */
async function alertOf(request: ApiRequest, id = ''): Promise<Alert> {
  const found = (await seen(request)).find((alert) => alert.id === id);
  if (found === undefined) throw notFound('alert', id);
  return found;
}

async function editable(request: ApiRequest, id: string | undefined): Promise<Alert> {
  const alert = await alertOf(request, id);
  if (!mayEdit(request, alert)) throw await refused(request, 'member.edit');
  return alert;
}

const marksOf = ({ deps, workspaceId }: ApiRequest): Promise<AlertMarks> => deps.alertMarks.list(workspaceId);

function shown(request: ApiRequest, alert: Alert, marks: AlertMarks): Shown {
  const { workspaceId: _own, version: _version, createdAt, updatedAt: _at, createdBy, channels, ...rest } = alert;
  const mark = Object.hasOwn(marks, alert.id) ? marks[alert.id] : undefined;
  return {
    ...rest,
    // Whom owners have told, and where, is for who may change it: others see whether it is in the app.
    channels: channels.filter(({ type }) => type === 'IN_APP' || mayEdit(request, alert)).map(channelShown),
    isDefault: isDefaultAlert(alert),
    createdBy: createdBy?.name ?? null,
    createdAt: createdBy === undefined ? null : createdAt,
    lastTriggeredAt: mark?.triggeredAt ?? null,
    // What others' systems answer is for who may change the channels.
    lastAnswers: mayEdit(request, alert)
      ? (mark?.channels.filter(({ channel }) => channel < channels.length) ?? [])
      : [],
    mayEdit: mayEdit(request, alert),
  };
}

const withoutNulls = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(members).flatMap(([key, value]) => (value === undefined ? [] : [[key, value ?? undefined]])),
  );

type Condition = Pick<Alert, 'kind'> & { [K in keyof typeof alertCondition]?: Shown[K] };

/** What a condition lacks, and what it names that the caller does not see. What looks at all of a workspace is for who sees all of it. */
async function refuseWrong(request: ApiRequest, given: Condition, config: WorkspaceConfig): Promise<void> {
  const { sourceId, destinationId, subscriptionId } = given;
  const source = config.sources.find(({ id }) => id === sourceId);
  if (sourceId !== undefined && (source === undefined || !request.may('source.read', targetOf(source)))) {
    throw notFound('source', sourceId);
  }
  const found = config.destinations.find(({ destination }) => destination.id === destinationId);
  const from = config.sources.find(({ id }) => id === found?.destination.sourceId);
  if (destinationId !== undefined && (from === undefined || !request.may('destination.read', targetOf(from)))) {
    throw notFound('destination', destinationId);
  }
  if (subscriptionId !== undefined && found?.mappings.some(({ id }) => id === subscriptionId) !== true) {
    throw notFound('mapping', subscriptionId);
  }
  const faults = conditionFaults(given as Alert);
  if (faults.length > 0) throw faulty(faults);
  if (sourceId !== undefined || destinationId !== undefined) return;
  if (given.kind === 'EVENT') {
    if (owns(request)) return;
    throw await refused(request, 'member.edit');
  }
  const right = given.kind === 'USAGE' ? 'usage.read' : 'source.read';
  if (!request.may(right, { kind: 'workspace' })) throw await refused(request, right);
}
