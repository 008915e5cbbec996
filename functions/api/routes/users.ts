import { ROLES } from '../../../shared/domain/access.ts';
import { GROUPS_MAX, type Member } from '../../../shared/domain/people.ts';
import { type Change, CHANGES_PER_COMMIT_MAX } from '../../../shared/ports/control-store.ts';
import { firstThatFit, PEOPLE_BYTES_MAX } from '../http/one-commit.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { addedPermissions, givenPermissions, toldPermission } from '../people/given-permissions.ts';
import { tellVersion } from '../resources/faults.ts';
import { groupsLeft, keepAnOwner, readRoster, requireMember } from '../people/roster.ts';

type Given = Parameters<typeof givenPermissions>[2];

export const usersHandlers: HandlersOf<
  | 'listUsers'
  | 'getUser'
  | 'deleteUsers'
  | 'listUserGroupsFromUser'
  | 'addPermissionsToUser'
  | 'replacePermissionsForUser'
  | 'listRoles'
> = {
  listUsers: async ({ control, workspaceId, pages }, { query }) => {
    const items = await control.listMembers(workspaceId);
    const page = await pages.cut({ name: 'users', items, keyOf: ({ personId }) => personId }, query.pagination);
    return { users: page.items.map(toldUser), pagination: page.pagination };
  },

  getUser: async (request, { path }) => {
    const members = await request.control.listMembers(request.workspaceId);
    const member = requireMember({ members }, path['userId'] ?? '');
    request.matchVersion(member);
    return { user: toldUser(member) };
  },

  // All of them or none: one that is not of this workspace keeps the others from being removed.
  deleteUsers: async (request, { query }) => {
    const { control, workspaceId, now } = request;
    const later = await request.change(async () => {
      const roster = await readRoster(control, workspaceId);
      const leaving = [...new Set(query.userIds)].map((id) => requireMember(roster, id));
      const removals = leaving.map((thing): Change => ({ kind: 'member', verb: 'remove', thing }));
      const groups = groupsLeft(
        roster.groups,
        leaving.map(({ email }) => email),
        now().toISOString(),
      );
      keepAnOwner(roster, [...removals, ...groups]);
      const countMax = CHANGES_PER_COMMIT_MAX - removals.length;
      const first = firstThatFit(groups, { bytesMax: PEOPLE_BYTES_MAX, countMax });
      return {
        changes: [...removals, ...first],
        value: first.length < groups.length ? leaving.map(({ email }) => email) : [],
      };
    });
    await leaveGroups(request, later);
    return { status: 'SUCCESS' as const };
  },

  listUserGroupsFromUser: async ({ control, workspaceId, pages }, { path, query }) => {
    const { members, groups } = await readRoster(control, workspaceId);
    const { email } = requireMember({ members }, path['userId'] ?? '');
    const items = groups.filter(({ emails }) => emails.includes(email));
    const page = await pages.cut({ name: 'groups-of-user', items, keyOf: ({ id }) => id }, query.pagination);
    return { groups: page.items.map(({ id, name }) => ({ id, name })), pagination: page.pagination };
  },

  addPermissionsToUser: async (request, { path, body }) => ({
    permissions: await setPermissions(request, path['userId'] ?? '', body.permissions, 'add'),
  }),

  replacePermissionsForUser: async (request, { path, body }) => ({
    permissions: await setPermissions(request, path['userId'] ?? '', body.permissions, 'replace'),
  }),

  listRoles: async ({ pages }, { query }) => {
    const page = await pages.cut({ name: 'roles', items: ROLES, keyOf: ({ id }) => id }, query.pagination);
    return {
      roles: page.items.map(({ id, name, description }) => ({ id, name, description })),
      pagination: page.pagination,
    };
  },
};

const toldUser = ({ personId, name, email, permissions }: Member) => ({
  id: personId,
  name,
  email,
  permissions: permissions.map(toldPermission),
});

async function setPermissions(request: ApiRequest, id: string, given: Given, how: 'add' | 'replace') {
  const { control, workspaceId, now } = request;
  return await request.change(async (config) => {
    const roster = await readRoster(control, workspaceId);
    const member = requireMember(roster, id);
    request.matchVersion(member);
    const permissions = await givenPermissions(request, config, given);
    const all = addedPermissions(how === 'add' ? member.permissions : [], permissions);
    const value = all.map(toldPermission);
    if (JSON.stringify(all) === JSON.stringify(member.permissions)) return { changes: [], value };
    const thing = { ...member, permissions: all, updatedAt: now().toISOString() };
    const changes: Change[] = [{ kind: 'member', verb: 'save', thing }];
    keepAnOwner(roster, changes);
    tellVersion(request, member.version + 1);
    return { changes, value };
  });
}

/** Transactions of groups after one that removed people from more of them than fit: each takes one at least. */
const GROUP_ROUNDS_MAX = GROUPS_MAX;

/** Takes addresses out of what groups still have them, a commit at a time. Their people are members no more, so that no right hangs on it. */
async function leaveGroups(request: ApiRequest, emails: readonly string[]): Promise<void> {
  if (emails.length === 0) return;
  for (let round = 0; round < GROUP_ROUNDS_MAX; round += 1) {
    const left = await request.change(async () => {
      const groups = await request.control.listGroups(request.workspaceId);
      const changes = groupsLeft(groups, emails, request.now().toISOString());
      const fitting = firstThatFit(changes, { bytesMax: PEOPLE_BYTES_MAX });
      return { changes: fitting, value: changes.length - fitting.length };
    });
    if (left === 0) return;
  }
}
