import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { Alert, type AlertChannel } from '../domain/alert.ts';
import { MASKED } from '../domain/audit.ts';
import { Filter } from '../domain/filter.ts';
import { Rule, TrackingPlan, Transformation } from '../domain/governance.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { mappingByForm, settingsByForm } from '../domain/masked-mapping.ts';
import { AccessRequest, Group, Invite, Label, Member } from '../domain/people.ts';
import type { HookSetting } from '../domain/source-hook.ts';
import { SourceSchema } from '../domain/source-schema.ts';
import { ApiToken, Destination, Mapping, OAuthApp, Source, SourceWriteKey, Workspace } from '../domain/workspace.ts';
import type { KindName, ThingOf } from '../ports/control-store.ts';
import type { ControlKey } from './control-items.ts';
import { controlKeys } from './control-keys.ts';

/** How things of one kind are kept, and how the audit trail tells of them. */
export type Kind<T> = {
  schema: z.ZodType<T>;
  /** Its items, all with the same content; the first is the one whose version is judged. */
  keys(thing: T): [ControlKey, ...ControlKey[]];
  resource(thing: T): { type: string; id: string; name?: string };
  /** What a change is called, by what was before and is after. */
  event(before: T | undefined, after: T | undefined): string;
  /** Its members without secrets. All of it where nothing is said. */
  told?(thing: T): Record<string, unknown>;
  /** Its secrets by name, sealed or hashed, so that a change of one is told although both look alike. */
  secrets?(thing: T): Record<string, string>;
};

const madeOrGone =
  (noun: string) =>
  (before: unknown, after: unknown): string => {
    if (before === undefined) return `${noun} Created`;
    return after === undefined ? `${noun} Deleted` : `${noun} Modified`;
  };

/** As `madeOrGone`, and says when it was switched on or off. */
const switched =
  (noun: string) =>
  (before: { enabled: boolean } | undefined, after: { enabled: boolean } | undefined): string => {
    if (before !== undefined && after !== undefined && before.enabled !== after.enabled) {
      return `${noun} ${after.enabled ? 'Enabled' : 'Disabled'}`;
    }
    return madeOrGone(noun)(before, after);
  };

/** A rehearsed outage is told by its own words, as long as nothing was switched on or off with it. */
function eventOfDestination(before: Destination | undefined, after: Destination | undefined): string {
  const event = switched('Integration')(before, after);
  if (before === undefined || after === undefined || before.enabled !== after.enabled) return event;
  if (JSON.stringify(before.rehearsal) === JSON.stringify(after.rehearsal)) return event;
  return after.rehearsal === undefined ? 'Outage Rehearsal Ended' : 'Outage Rehearsal Started';
}

/** F11, F12: what only changes what people see is called by what they did. */
function schemaEvent(before: SourceSchema | undefined, after: SourceSchema | undefined): string {
  const was = new Set(before?.display?.archived);
  const is = new Set(after?.display?.archived);
  if ([...is].some((row) => !was.has(row))) return 'Schema Event Archived';
  if (after !== undefined && [...was].some((row) => !is.has(row))) return 'Schema Event Unarchived';
  const clearedIn = (schema: SourceSchema | undefined) => JSON.stringify(schema?.display?.cleared ?? {});
  return clearedIn(before) === clearedIn(after) ? 'Source Settings Modified' : 'Schema History Cleared';
}

const masked = (secrets: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.keys(secrets).map((key) => [key, MASKED]));

const sealedOf = (secrets: Destination['secrets']): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).map(([key, { sealed }]) => [key, sealed]));

const withoutSecrets = ({ signature, ...rest }: HookSetting): Record<string, unknown> => ({
  ...rest,
  ...(signature !== undefined && { signature: { ...signature, secrets: signature.secrets.map(() => MASKED) } }),
});

/** The key by which a transformation hashes is sealed, and no more than a mark of it is told. */
const hashKeyOf = ({ hashPropertiesConfiguration: hash }: Transformation['does']): unknown =>
  typeof hash === 'object' && hash !== null && 'key' in hash ? hash['key'] : undefined;
const withoutHashKey = (does: Transformation['does']): Record<string, unknown> =>
  hashKeyOf(does) === undefined
    ? does
    : {
        ...does,
        hashPropertiesConfiguration: { ...(does['hashPropertiesConfiguration'] as object), key: MASKED },
      };

/** Addresses of channels carry tokens. */
const sealedOfChannel = (channel: AlertChannel): unknown[] => {
  if (channel.type === 'SLACK') return [channel.webhookUrl.sealed];
  return channel.type === 'WEBHOOK' ? [channel.url.sealed, channel.secret?.sealed] : [];
};
const channelWithoutSecrets = (channel: AlertChannel): Record<string, unknown> => ({
  ...channel,
  ...(channel.type === 'SLACK' && { webhookUrl: MASKED }),
  ...(channel.type === 'WEBHOOK' && { url: MASKED, ...(channel.secret !== undefined && { secret: MASKED }) }),
});

/** A key may hold 1 KB, what a rule is known by more. */
const ruleName = ({ type, key = '', ruleVersion }: Rule): string =>
  createHash('sha256')
    .update(JSON.stringify([type, key, ruleVersion]))
    .digest('hex');

export const KINDS: { [K in KindName]: Kind<ThingOf<K>> } = {
  workspace: {
    schema: Workspace,
    // The slug is an item of its own, so that two workspaces cannot take the same one at once.
    keys: ({ id, slug }) => [controlKeys.workspace(id), controlKeys.slug(slug)],
    resource: ({ id, name }) => ({ type: 'WORKSPACE', id, name }),
    event: madeOrGone('Workspace'),
  },
  source: {
    schema: Source,
    keys: ({ workspaceId, id }) => [controlKeys.source(workspaceId, id)],
    resource: ({ id, name }) => ({ type: 'SOURCE', id, name }),
    event: switched('Source'),
    told: (source) => ({ ...source, ...(source.hook !== undefined && { hook: withoutSecrets(source.hook) }) }),
    secrets: ({ hook }): Record<string, string> => {
      const secrets = hook?.signature?.secrets;
      return secrets === undefined ? {} : { 'hook.signature.secrets': secrets.map(({ sealed }) => sealed).join() };
    },
  },
  writeKey: {
    schema: SourceWriteKey,
    keys: ({ writeKey, workspaceId, sourceId }) => [
      controlKeys.writeKey(writeKey),
      controlKeys.sourceWriteKey(workspaceId, sourceId, writeKey),
    ],
    resource: ({ sourceId }) => ({ type: 'SOURCE', id: sourceId }),
    event: madeOrGone('Write Key'),
  },
  sourceSchema: {
    schema: SourceSchema,
    keys: ({ workspaceId, sourceId }) => [controlKeys.sourceSchema(workspaceId, sourceId)],
    resource: ({ sourceId }) => ({ type: 'SOURCE', id: sourceId }),
    event: schemaEvent,
  },
  destination: {
    schema: Destination,
    keys: ({ workspaceId, id }) => [controlKeys.destination(workspaceId, id)],
    resource: ({ id, name }) => ({ type: 'DESTINATION', id, name }),
    event: eventOfDestination,
    told: ({ secrets, settings, ...rest }) => ({
      ...rest,
      settings: { ...settingsByForm(settings), ...masked(secrets) },
    }),
    secrets: ({ secrets }) => sealedOf(secrets),
  },
  mapping: {
    schema: Mapping,
    keys: ({ workspaceId, destinationId, id }) => [controlKeys.mapping(workspaceId, destinationId, id)],
    resource: ({ id, name }) => ({ type: 'DESTINATION_SUBSCRIPTION', id, name }),
    event: switched('Destination Subscription'),
    told: ({ fields, ...rest }) => ({ ...rest, fields: mappingByForm(fields) }),
    secrets: ({ fields }) => ({ fields: JSON.stringify(fields) }),
  },
  filter: {
    schema: Filter,
    keys: ({ workspaceId, destinationId, id }) => [controlKeys.filter(workspaceId, destinationId, id)],
    resource: ({ id, title }) => ({ type: 'DESTINATION_FILTER', id, name: title }),
    event: switched('Destination Filter'),
  },
  oauthApp: {
    schema: OAuthApp,
    keys: ({ workspaceId, id }) => [controlKeys.oauthAppOwner(id), controlKeys.oauthApp(workspaceId, id)],
    resource: ({ id, name }) => ({ type: 'OAUTH_APP', id, name }),
    event: madeOrGone('OAuth App'),
  },
  apiToken: {
    schema: ApiToken,
    keys: ({ sha256, workspaceId, id }) => [controlKeys.token(sha256), controlKeys.workspaceToken(workspaceId, id)],
    resource: ({ id, name }) => ({ type: 'TOKEN', id, name }),
    event: madeOrGone('API Token'),
    told: ({ sha256: _hash, ...rest }) => rest,
  },
  member: {
    schema: Member,
    keys: ({ workspaceId, personId }) => [
      controlKeys.member(workspaceId, personId),
      controlKeys.membership(personId, workspaceId),
    ],
    resource: ({ personId, email }) => ({ type: 'USER', id: personId, name: email }),
    event: (before, after) => {
      if (before === undefined) return 'User Added';
      if (after === undefined) return 'User Removed';
      const rightsOf = ({ permissions, piiAccess }: Member) => JSON.stringify([permissions, piiAccess]);
      return rightsOf(before) === rightsOf(after) ? 'User Modified' : 'User Permissions Modified';
    },
  },
  group: {
    schema: Group,
    keys: ({ workspaceId, id }) => [controlKeys.group(workspaceId, id)],
    resource: ({ id, name }) => ({ type: 'USER_GROUP', id, name }),
    event: madeOrGone('User Group'),
  },
  invite: {
    schema: Invite,
    keys: ({ workspaceId, email, sha256 }) => [
      controlKeys.invite(workspaceId, email),
      controlKeys.inviteTo(email, workspaceId),
      controlKeys.inviteLink(sha256),
    ],
    resource: ({ email }) => ({ type: 'INVITE', id: email }),
    event: (before, after) => {
      if (after === undefined) return 'User Invite Removed';
      return before === undefined ? 'User Invited' : 'User Invited Again';
    },
    told: ({ sha256: _hash, ...rest }) => rest,
  },
  accessRequest: {
    schema: AccessRequest,
    keys: ({ workspaceId, personId, right, sourceId = '' }) => [
      controlKeys.accessRequest(workspaceId, personId, `${right}#${sourceId}`),
    ],
    resource: ({ personId }) => ({ type: 'USER', id: personId }),
    event: (_before, after) => (after === undefined ? 'Access Request Closed' : 'Access Requested'),
  },
  label: {
    schema: Label,
    keys: ({ workspaceId, key, value }) => [controlKeys.label(workspaceId, key, value)],
    resource: ({ key, value }) => ({ type: 'LABEL', id: `${key}:${value}` }),
    event: madeOrGone('Label'),
  },
  trackingPlan: {
    schema: TrackingPlan,
    keys: ({ workspaceId, id }) => [controlKeys.trackingPlan(workspaceId, id)],
    resource: ({ id, name }) => ({ type: 'TRACKING_PLAN', id, name }),
    event: madeOrGone('Tracking Plan'),
  },
  rule: {
    schema: Rule,
    keys: (rule) => [controlKeys.rule(rule.workspaceId, rule.trackingPlanId, ruleName(rule))],
    resource: ({ trackingPlanId, type, key }) => ({ type: 'TRACKING_PLAN', id: trackingPlanId, name: key ?? type }),
    event: madeOrGone('Tracking Plan Rule'),
  },
  transformation: {
    schema: Transformation,
    keys: ({ workspaceId, id }) => [controlKeys.transformation(workspaceId, id)],
    resource: ({ id, name }) => ({ type: 'TRANSFORMATION', id, name }),
    event: (before, after) =>
      switched('Transformation')(before, after).replace(/ (?:Modified|Enabled|Disabled)$/, ' Updated'),
    told: ({ does, ...rest }) => ({ ...rest, does: withoutHashKey(does) }),
    secrets: ({ does }) => ({ hashKey: JSON.stringify(hashKeyOf(does) ?? null) }),
  },
  alert: {
    schema: Alert,
    keys: ({ workspaceId, id }) => [controlKeys.alert(workspaceId, id)],
    resource: ({ id, name }) => ({ type: 'ALERT', id, name }),
    event: switched('Alert'),
    told: ({ channels, ...rest }) => ({ ...rest, channels: channels.map(channelWithoutSecrets) }),
    secrets: ({ channels }) => ({ channels: JSON.stringify(channels.map(sealedOfChannel)) }),
  },
};

/** The workspace that a thing belongs to; a workspace belongs to itself. */
export const workspaceIdOf = (thing: { workspaceId: WorkspaceId } | { id: WorkspaceId }): WorkspaceId =>
  'workspaceId' in thing ? thing.workspaceId : thing.id;
