import { GroupId } from '../../../shared/domain/ids.ts';
import { Group, GROUP_EMAILS_BYTES_MAX, GROUPS_MAX, MEMBERS_MAX } from '../../../shared/domain/people.ts';
import type { WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import type { Change } from '../../../shared/ports/control-store.ts';
import { conflict, invalid, notFound } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { addedPermissions, givenPermissions, toldPermission } from '../people/given-permissions.ts';
import { tellVersion } from '../resources/faults.ts';
import { isLive, keepAnOwner, readRoster, requireGroup, type Roster } from '../people/roster.ts';

type Given = Parameters<typeof givenPermissions>[2];

export const userGroupsHandlers: HandlersOf<
  | 'listUserGroups'
  | 'createUserGroup'
  | 'getUserGroup'
  | 'updateUserGroup'
  | 'deleteUserGroup'
  | 'listUsersFromUserGroup'
  | 'listInvitesFromUserGroup'
  | 'addUsersToUserGroup'
  | 'replaceUsersInUserGroup'
  | 'removeUsersFromUserGroup'
  | 'addPermissionsToUserGroup'
  | 'replacePermissionsForUserGroup'
> = {
  listUserGroups: async ({ control, workspaceId, pages }, { query }) => {
    const roster = await readRoster(control, workspaceId);
    const page = await pages.cut({ name: 'groups', items: roster.groups, keyOf: ({ id }) => id }, query.pagination);
    return { userGroups: page.items.map((group) => toldGroup(group, roster)), pagination: page.pagination };
  },

  createUserGroup: async (request, { body: { name } }) => {
    const { control, workspaceId, newId, now } = request;
    return await request.change(async () => {
      const roster = await readRoster(control, workspaceId);
      if (roster.groups.length >= GROUPS_MAX) throw conflict(`A workspace has at most ${GROUPS_MAX} user groups.`);
      refuseTakenName(roster, name);
      const at = now().toISOString();
      const id = GroupId.parse(newId('grp'));
      const thing = Group.parse({ id, workspaceId, name, version: 0, createdAt: at, updatedAt: at });
      return { changes: [{ kind: 'group', verb: 'save', thing }], value: { userGroup: toldGroup(thing, roster) } };
    });
  },

  getUserGroup: async (request, { path }) => {
    const roster = await readRoster(request.control, request.workspaceId);
    const group = requireGroup(roster, path['userGroupId'] ?? '');
    request.matchVersion(group);
    return { userGroup: toldGroup(group, roster) };
  },

  updateUserGroup: async (request, { path, body: { name } }) => ({
    userGroup: await changeGroup(request, path['userGroupId'], (group, roster) => {
      refuseTakenName(roster, name, group.id);
      return { ...group, name };
    }),
  }),

  // People who are in it alone stay members, with their own permissions.
  deleteUserGroup: async (request, { path }) => {
    const { control, workspaceId } = request;
    return await request.change(async () => {
      const roster = await readRoster(control, workspaceId);
      const thing = requireGroup(roster, path['userGroupId'] ?? '');
      request.matchVersion(thing);
      const changes: Change[] = [{ kind: 'group', verb: 'remove', thing }];
      keepAnOwner(roster, changes);
      return { changes, value: { status: 'SUCCESS' as const } };
    });
  },

  listUsersFromUserGroup: async ({ control, workspaceId, pages }, { path, query }) => {
    const roster = await readRoster(control, workspaceId);
    const { id, emails } = requireGroup(roster, path['userGroupId'] ?? '');
    const items = roster.members.filter(({ email }) => emails.includes(email));
    const page = await pages.cut(
      { name: `users-of-group ${id}`, items, keyOf: ({ personId }) => personId },
      query.pagination,
    );
    return {
      users: page.items.map(({ personId, name, email }) => ({ id: personId, name, email })),
      pagination: page.pagination,
    };
  },

  listInvitesFromUserGroup: async ({ control, workspaceId, pages, now }, { path, query }) => {
    const roster = await readRoster(control, workspaceId);
    const { id, emails } = requireGroup(roster, path['userGroupId'] ?? '');
    const at = now().toISOString();
    const items = roster.invites.filter((invite) => isLive(invite, at) && emails.includes(invite.email));
    const page = await pages.cut(
      { name: `invites-of-group ${id}`, items, keyOf: ({ email }) => email },
      query.pagination,
    );
    return { emails: page.items.map(({ email }) => email), pagination: page.pagination };
  },

  addUsersToUserGroup: async (request, { path, body }) => ({
    userGroup: await changeGroup(request, path['userGroupId'], (group, roster) => {
      refuseStrangers(roster, body.emails);
      return { ...group, emails: [...new Set([...group.emails, ...body.emails])] };
    }),
  }),

  replaceUsersInUserGroup: async (request, { path, body }) => ({
    userGroup: await changeGroup(request, path['userGroupId'], (group, roster) => {
      refuseStrangers(roster, body.emails);
      return { ...group, emails: [...new Set(body.emails)] };
    }),
  }),

  removeUsersFromUserGroup: async (request, { path, query }) => {
    await changeGroup(request, path['userGroupId'], (group) => {
      const stranger = query.emails.find((email) => !group.emails.includes(email));
      if (stranger !== undefined) throw notFound('member', stranger);
      return { ...group, emails: group.emails.filter((email) => !query.emails.includes(email)) };
    });
    return { status: 'SUCCESS' as const };
  },

  addPermissionsToUserGroup: async (request, { path, body }) => ({
    permissions: await setPermissions(request, path['userGroupId'], body.permissions, 'add'),
  }),

  replacePermissionsForUserGroup: async (request, { path, body }) => ({
    permissions: await setPermissions(request, path['userGroupId'], body.permissions, 'replace'),
  }),
};

type TakenFrom = Pick<Roster, 'members' | 'groups' | 'invites'>;

function toldGroup({ id, name, emails, permissions }: Group, { members }: Pick<Roster, 'members'>) {
  const memberCount = members.filter(({ email }) => emails.includes(email)).length;
  return { id, name, memberCount, permissions: permissions.map(toldPermission) };
}

/** Decides on a group with everything about it, and saves what differs. Answers the group. */
export async function changeGroup(
  request: ApiRequest,
  id: string | undefined,
  decide: (group: Group, roster: TakenFrom, config: WorkspaceConfig) => Promise<Group> | Group,
) {
  const { control, workspaceId, now } = request;
  return await request.change(async (config) => {
    const roster = await readRoster(control, workspaceId);
    const group = requireGroup(roster, id ?? '');
    request.matchVersion(group);
    const decided = await decide(group, roster, config);
    if (decided.emails.length > MEMBERS_MAX) {
      throw invalid({ field: 'emails', message: `A group has at most ${MEMBERS_MAX} people.` });
    }
    if (Buffer.byteLength(JSON.stringify(decided.emails)) > GROUP_EMAILS_BYTES_MAX) {
      const message = `The addresses of a group have at most ${GROUP_EMAILS_BYTES_MAX} bytes together.`;
      throw invalid({ field: 'emails', message });
    }
    if (JSON.stringify(decided) === JSON.stringify(group)) return { changes: [], value: toldGroup(group, roster) };
    const thing = { ...decided, updatedAt: now().toISOString() };
    const changes: Change[] = [{ kind: 'group', verb: 'save', thing }];
    keepAnOwner(roster, changes);
    tellVersion(request, group.version + 1);
    return { changes, value: toldGroup(thing, roster) };
  });
}

async function setPermissions(request: ApiRequest, id: string | undefined, given: Given, how: 'add' | 'replace') {
  const { permissions } = await changeGroup(request, id, async (group, _roster, config) => {
    const permissions = await givenPermissions(request, config, given);
    return { ...group, permissions: addedPermissions(how === 'add' ? group.permissions : [], permissions) };
  });
  return permissions;
}

function refuseTakenName({ groups }: Pick<Roster, 'groups'>, name: string, ownId?: string): void {
  if (!groups.some((group) => group.name === name && group.id !== ownId)) return;
  throw conflict(`There is a user group "${name}" already.`);
}

/** Members and people who are invited can be in a group; others are invited first, so that nobody gets rights by the way. */
function refuseStrangers({ members, invites }: TakenFrom, emails: readonly string[]): void {
  const faults = emails.flatMap((address, index) =>
    members.some(({ email }) => email === address) || invites.some(({ email }) => email === address)
      ? []
      : [{ field: `emails.${index}`, message: `${address} is neither a member nor invited. Invite them first.` }],
  );
  if (faults.length > 0) throw invalid(...faults.slice(0, STRANGERS_TOLD_MAX));
}
/** Addresses of one request that an answer names. */
const STRANGERS_TOLD_MAX = 50;
