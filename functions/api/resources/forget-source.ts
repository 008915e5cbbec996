import { withoutSource } from '../../../shared/domain/grants.ts';
import type { SourceId } from '../../../shared/domain/ids.ts';
import { PEOPLE_AT_ONCE_MAX } from '../../../shared/domain/people.ts';
import type { Source, WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import type { Change } from '../../../shared/ports/control-store.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Round } from './in-rounds.ts';

const removal = (change: Omit<Change, 'verb'>): Change => ({ ...change, verb: 'remove' }) as Change;

/** What else belongs to the source or names it: keys, transformations and rules of its schema go; plans, OAuth apps, other sources and the workspace forget it. */
export async function othersOf(request: ApiRequest, config: WorkspaceConfig, source: Source): Promise<Change[]> {
  const { workspaceId, id } = source;
  const [workspace, keys, schema, transformations, plans, apps] = await Promise.all([
    request.control.getWorkspace(workspaceId),
    request.control.listWriteKeys(workspaceId, id),
    request.control.getSourceSchema(workspaceId, id),
    request.control.listTransformations(workspaceId),
    request.control.listTrackingPlans(workspaceId),
    request.control.listOAuthApps(workspaceId),
  ]);
  const updatedAt = request.now().toISOString();
  const without = <T extends { sourceIds: SourceId[] }>(thing: T): T => ({
    ...thing,
    sourceIds: thing.sourceIds.filter((one) => one !== id),
    updatedAt,
  });
  return [
    ...keys.map((thing) => removal({ kind: 'writeKey', thing })),
    ...transformations.filter((one) => one.sourceId === id).map((thing) => removal({ kind: 'transformation', thing })),
    ...plans
      .filter(({ sourceIds }) => sourceIds.includes(id))
      .map((thing): Change => ({ kind: 'trackingPlan', verb: 'save', thing: without(thing) })),
    ...apps
      .filter(({ sourceIds }) => sourceIds.includes(id))
      .map((thing): Change => ({ kind: 'oauthApp', verb: 'save', thing: without(thing) })),
    ...config.sources
      .filter((other) => other.id !== id && forwardsTo(other, id))
      .map((other): Change => ({ kind: 'source', verb: 'save', thing: { ...notForwarding(other, id), updatedAt } })),
    ...(workspace?.auditForwarding?.sourceId === id
      ? [{ kind: 'workspace', verb: 'save', thing: { ...workspace, auditForwarding: undefined, updatedAt } } as const]
      : []),
    ...(schema === undefined ? [] : [removal({ kind: 'sourceSchema', thing: schema })]),
  ];
}

const forwardsTo = ({ schemaSettings }: Source, id: SourceId): boolean =>
  schemaSettings?.forwardingViolationsTo === id || schemaSettings?.forwardingBlockedEventsTo === id;

function notForwarding(source: Source, id: SourceId): Source {
  const { forwardingViolationsTo, forwardingBlockedEventsTo, ...rest } = source.schemaSettings ?? {};
  const schemaSettings = {
    ...rest,
    ...(forwardingViolationsTo !== undefined && forwardingViolationsTo !== id && { forwardingViolationsTo }),
    ...(forwardingBlockedEventsTo !== undefined && forwardingBlockedEventsTo !== id && { forwardingBlockedEventsTo }),
  };
  return { ...source, schemaSettings };
}

/**
 * Takes the source out of everybody's permissions, PEOPLE_AT_ONCE_MAX at a time. `isLast`: nobody's name it after these changes. What the caller has
 * comes last: a request that is sent again must not meet a caller who has lost the right to it.
 */
export async function permissionsWithout(
  { control, workspaceId, caller, now }: ApiRequest,
  { id }: Source,
): Promise<Round> {
  const [members, groups, invites, tokens] = await Promise.all([
    control.listMembers(workspaceId),
    control.listGroups(workspaceId),
    control.listInvites(workspaceId),
    control.listApiTokens(workspaceId),
  ]);
  const updatedAt = now().toISOString();
  const changes: Change[] = [];
  const own: Change[] = [];
  const forget = <K extends 'member' | 'group' | 'invite' | 'apiToken'>(
    kind: K,
    thing: (Change & { kind: K })['thing'],
    isOwn: boolean,
  ): void => {
    const { permissions = [] } = thing;
    const left = withoutSource(permissions, id);
    if (left === undefined) return;
    // The pair fits by this function's signature.
    const change = { kind, verb: 'save', thing: { ...thing, permissions: left, updatedAt } } as unknown as Change;
    (isOwn ? own : changes).push(change);
  };
  const email = caller.kind === 'person' ? caller.email : undefined;
  for (const invite of invites) forget('invite', invite, false);
  for (const token of tokens) forget('apiToken', token, token.id === caller.id);
  for (const member of members) forget('member', member, member.personId === caller.id);
  for (const group of groups) forget('group', group, email !== undefined && group.emails.some((one) => one === email));
  const all = [...changes, ...own];
  return { changes: all.slice(0, PEOPLE_AT_ONCE_MAX), isLast: all.length <= PEOPLE_AT_ONCE_MAX };
}
