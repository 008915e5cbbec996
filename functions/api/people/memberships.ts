import type { Permission } from '../../../shared/domain/access.ts';
import { isOwner } from '../../../shared/domain/access.ts';
import { permissionsOf } from '../../../shared/domain/grants.ts';
import type { PersonId } from '../../../shared/domain/ids.ts';
import type { Workspace } from '../../../shared/domain/workspace.ts';
import type { ApiRequest } from '../http/request.ts';

/** A workspace that somebody belongs to, with what they may do there, by themselves and by groups. */
export type Membership = { workspace: Workspace; permissions: Permission[]; isOwner: boolean; piiAccess: boolean };

/** The workspaces of a person, by name (A01). */
export async function membershipsOf(
  { deps, control }: Pick<ApiRequest, 'deps' | 'control'>,
  id: PersonId,
): Promise<Membership[]> {
  const members = await deps.people.listMemberships(id);
  const found = await Promise.all(
    members.map(async (member): Promise<Membership[]> => {
      const [workspace, groups] = await Promise.all([
        control.getWorkspace(member.workspaceId),
        control.listGroups(member.workspaceId),
      ]);
      if (workspace === undefined) return [];
      const permissions = permissionsOf(member, groups);
      const owns = isOwner(permissions);
      const byGroup = groups.some(({ emails, piiAccess }) => piiAccess && emails.includes(member.email));
      return [{ workspace, permissions, isOwner: owns, piiAccess: owns || member.piiAccess || byGroup }];
    }),
  );
  return found.flat().toSorted((a, b) => a.workspace.name.localeCompare(b.workspace.name));
}
