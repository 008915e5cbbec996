import { ownersAmong } from '../../../shared/domain/grants.ts';
import type { WorkspaceId } from '../../../shared/domain/ids.ts';
import type { Group, Invite, Member } from '../../../shared/domain/people.ts';
import type { Change, ControlStore } from '../../../shared/ports/control-store.ts';
import { ApiFault, conflict, notFound } from '../http/api-fault.ts';

/** Who belongs to a workspace, and who is to. */
export type Roster = { members: readonly Member[]; groups: readonly Group[]; invites: readonly Invite[] };

type RosterStore = Pick<ControlStore, 'listMembers' | 'listGroups' | 'listInvites'>;

export async function readRoster(control: RosterStore, workspaceId: WorkspaceId): Promise<Roster> {
  const [members, groups, invites] = await Promise.all([
    control.listMembers(workspaceId),
    control.listGroups(workspaceId),
    control.listInvites(workspaceId),
  ]);
  return { members, groups, invites };
}

/**
 * Throws ApiFault 409 where changes would leave a workspace without an owner that had one (T6): nobody could ever give rights again. One that has none
 * (it was made by a file, and nobody has signed in yet) stays as it is.
 */
export function keepAnOwner({ members, groups }: Roster, changes: readonly Change[]): void {
  if (ownersAmong(members, groups).length === 0) return;
  let after = [...members];
  let groupsAfter = [...groups];
  for (const { kind, verb, thing } of changes) {
    if (kind === 'member')
      after = [...after.filter(({ personId }) => personId !== thing.personId), ...kept(verb, thing)];
    if (kind === 'group') groupsAfter = [...groupsAfter.filter(({ id }) => id !== thing.id), ...kept(verb, thing)];
  }
  if (ownersAmong(after, groupsAfter).length > 0) return;
  throw conflict('The workspace would have no owner any more. Make somebody else an owner first.');
}

const kept = <T>(verb: Change['verb'], thing: T): T[] => (verb === 'save' ? [thing] : []);

export function requireMember({ members }: Pick<Roster, 'members'>, id: string): Member {
  const found = members.find(({ personId }) => personId === id);
  if (found === undefined) throw notFound('member', id);
  return found;
}

export function requireGroup({ groups }: Pick<Roster, 'groups'>, id: string): Group {
  const found = groups.find((group) => group.id === id);
  if (found === undefined) throw groupNotFound(id);
  return found;
}

export const groupNotFound = (id: string): ApiFault =>
  new ApiFault(404, [{ type: 'not-found', message: `There is no user group ${id.slice(0, 128)}.` }]);

/** Groups that these addresses leave. `now`: ISO. */
export const groupsLeft = (groups: readonly Group[], emails: readonly string[], now: string): Change[] =>
  groups
    .filter((group) => group.emails.some((email) => emails.includes(email)))
    .map((group) => ({
      kind: 'group',
      verb: 'save',
      thing: { ...group, emails: group.emails.filter((email) => !emails.includes(email)), updatedAt: now },
    }));

export const isLive = ({ expiresAt }: Pick<Invite, 'expiresAt'>, now: string): boolean => expiresAt > now;
