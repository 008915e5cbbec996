import { can, type Right, SOURCE_RIGHTS, type Target } from '../../../shared/domain/access.ts';
import { ownersAmong, permissionsOf } from '../../../shared/domain/grants.ts';
import {
  ACCESS_REQUEST_DAYS,
  ACCESS_REQUESTS_MAX,
  AccessRequest,
  type Group,
  type Member,
} from '../../../shared/domain/people.ts';
import type { Source } from '../../../shared/domain/workspace.ts';
import type { Change } from '../../../shared/ports/control-store.ts';
import { conflict, invalid, notFound } from '../http/api-fault.ts';
import { ownersOf } from '../http/authorise.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { toldPermission } from '../people/given-permissions.ts';
import { personOf } from '../people/person-of.ts';
import { readRoster, requireMember, type Roster } from '../people/roster.ts';
import { tellVersion } from '../resources/faults.ts';
import { changeGroup } from './user-groups.ts';

const DAY_MS = 86_400_000;

export const membersHandlers: HandlersOf<
  | 'listMembers'
  | 'updateMember'
  | 'listAppGroups'
  | 'updateAppGroup'
  | 'getAccess'
  | 'createAccessRequest'
  | 'listAccessRequests'
> = {
  listMembers: async ({ control, workspaceId }) => {
    const { members, groups } = await readRoster(control, workspaceId);
    return { members: members.map((member) => toldMember(member, groups)) };
  },

  updateMember: async (request, { path, body: { piiAccess } }) => {
    const { control, workspaceId, now } = request;
    return await request.change(async () => {
      const { members, groups } = await readRoster(control, workspaceId);
      const member = requireMember({ members }, path['userId'] ?? '');
      request.matchVersion(member);
      const thing = { ...member, piiAccess, updatedAt: now().toISOString() };
      const value = { member: toldMember(thing, groups) };
      if (member.piiAccess === piiAccess) return { changes: [], value };
      tellVersion(request, member.version + 1);
      return { changes: [{ kind: 'member', verb: 'save', thing }], value };
    });
  },

  listAppGroups: async ({ control, workspaceId }) => ({
    groups: (await control.listGroups(workspaceId)).map(toldGroup),
  }),

  updateAppGroup: async (request, { path, body: { piiAccess } }) => {
    let changed: Group | undefined;
    await changeGroup(request, path['groupId'], (group) => (changed = { ...group, piiAccess }));
    if (changed === undefined) throw notFound('group', path['groupId'] ?? '');
    return { group: toldGroup(changed) };
  },

  getAccess: async (request, { query: { right, sourceId } }) => ({
    allowed: request.may(right, targetOf(right, await sourceOf(request, sourceId))),
    // As refusals: an API token is nobody who could write to them.
    owners: request.caller.kind === 'person' ? await ownersOf(request) : [],
  }),

  createAccessRequest: async (request, { body: { right, sourceId, note = '' } }) => {
    const { control, workspaceId, now } = request;
    const person = personOf(request);
    const source = await sourceOf(request, sourceId);
    return await request.change(async ({ sources }) => {
      const roster = await readRoster(control, workspaceId);
      const member = requireMember(roster, person.id);
      if (can(permissionsOf(member, roster.groups), right, targetOf(right, source))) {
        throw conflict('You have this right already.');
      }
      const at = now().toISOString();
      const own = (await control.listAccessRequests(workspaceId)).filter(({ personId }) => personId === person.id);
      const isSame = (one: AccessRequest) => one.right === right && one.sourceId === source?.id;
      const open = own.filter((one) => isOpen(one, roster, sources, at));
      if (open.length >= ACCESS_REQUESTS_MAX && !open.some(isSame)) {
        throw conflict(`You have asked for ${ACCESS_REQUESTS_MAX} rights already. Wait for an owner to answer.`);
      }
      const earlier = own.find(isSame);
      const thing = AccessRequest.parse({
        personId: person.id,
        workspaceId,
        right,
        sourceId: source?.id,
        note,
        version: earlier?.version ?? 0,
        createdAt: at,
        updatedAt: at,
      });
      const over = own.filter((one) => !open.includes(one) && one !== earlier);
      const changes: Change[] = [
        { kind: 'accessRequest', verb: 'save', thing },
        ...over.map((one): Change => ({ kind: 'accessRequest', verb: 'remove', thing: one })),
      ];
      return { changes, value: { request: toldRequest(thing, member), owners: await ownersOf(request) } };
    });
  },

  listAccessRequests: async (request) => {
    const { control, workspaceId, now } = request;
    const [{ sources }, roster, requests] = await Promise.all([
      request.config(),
      readRoster(control, workspaceId),
      control.listAccessRequests(workspaceId),
    ]);
    const at = now().toISOString();
    return {
      requests: requests.flatMap((one) => {
        const member = roster.members.find(({ personId }) => personId === one.personId);
        return member !== undefined && isOpen(one, roster, sources, at) ? [toldRequest(one, member)] : [];
      }),
    };
  },
};

const toldMember = (member: Member, groups: readonly Group[]) => {
  const own = groups.filter(({ emails }) => emails.includes(member.email));
  const isOwner = ownersAmong([member], own).length > 0;
  return {
    id: member.personId,
    email: member.email,
    name: member.name,
    isOwner,
    piiAccess: isOwner || member.piiAccess || own.some(({ piiAccess }) => piiAccess),
    permissions: member.permissions.map(toldPermission),
    groups: own.map(({ id, name }) => ({ id, name })),
  };
};

const toldGroup = ({ id, name, emails, piiAccess, permissions }: Group) => ({
  id,
  name,
  emails: [...emails],
  piiAccess,
  permissions: permissions.map(toldPermission),
});

const toldRequest = ({ right, sourceId, note, createdAt }: AccessRequest, { personId, email, name }: Member) => ({
  right,
  ...(sourceId !== undefined && { sourceId }),
  note,
  user: { id: personId, email, name },
  askedAt: createdAt,
});

const targetOf = (right: Right, source: Source | undefined): Target => {
  if (source === undefined) return { kind: 'workspace' };
  if (!SOURCE_RIGHTS.some((one) => one === right)) {
    throw invalid({
      field: 'sourceId',
      message: `${right} is a right of the workspace as a whole: leave the source out.`,
    });
  }
  return { kind: 'source', id: source.id, labels: source.labels };
};

/** The source that is meant, if the caller sees it (T7). Throws ApiFault 404 otherwise. */
async function sourceOf(request: ApiRequest, id: string | undefined): Promise<Source | undefined> {
  if (id === undefined) return undefined;
  const source = (await request.visibleSources('source.read')).find((one) => one.id === id);
  if (source === undefined) throw notFound('source', id);
  return source;
}

/** Asked for in the last days, and what the person may do has not changed since. */
function isOpen(one: AccessRequest, { members, groups }: Roster, sources: readonly Source[], now: string): boolean {
  const member = members.find(({ personId }) => personId === one.personId);
  if (member === undefined || member.updatedAt > one.createdAt) return false;
  if (Date.parse(now) - Date.parse(one.createdAt) > ACCESS_REQUEST_DAYS * DAY_MS) return false;
  const source = sources.find(({ id }) => id === one.sourceId);
  if (source === undefined && one.sourceId !== undefined) return false;
  const target: Target =
    source === undefined ? { kind: 'workspace' } : { kind: 'source', id: source.id, labels: source.labels };
  return !can(permissionsOf(member, groups), one.right, target);
}
