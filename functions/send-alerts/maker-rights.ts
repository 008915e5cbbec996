import { can, isOwner, type Permission } from '../../shared/domain/access.ts';
import type { Alert } from '../../shared/domain/alert.ts';
import { permissionsOf } from '../../shared/domain/grants.ts';
import { ApiTokenId, PersonId } from '../../shared/domain/ids.ts';
import type { Notification } from '../../shared/domain/notification.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { PeopleStore } from '../../shared/ports/people-store.ts';

export type MakerDeps = {
  control: Pick<ControlStore, 'listGroups' | 'getApiToken' | 'listSources'>;
  people: Pick<PeopleStore, 'getMember'>;
};

/**
 * Why an alert is not to be sent: who made it has left, or may not see any more what it is about; their channels are outside of this deployment.
 * Judged when something is sent, so that rights which are taken away count at once. `undefined`: it is to be sent.
 */
export async function whyNotTold(
  deps: MakerDeps,
  { createdBy, workspaceId }: Pick<Alert, 'createdBy' | 'workspaceId'>,
  about: readonly Pick<Notification, 'sourceIds'>[],
): Promise<string | undefined> {
  if (createdBy === undefined) return undefined;
  const permissions = await permissionsHeld(deps, workspaceId, createdBy.id);
  if (permissions === undefined) return 'Who made the alert is not in the workspace any more.';
  if (isOwner(permissions)) return undefined;
  const sources = await deps.control.listSources(workspaceId);
  const maySee = about
    .flatMap(({ sourceIds }) => sourceIds)
    .every((id) => {
      const source = sources.find((one) => one.id === id);
      const target =
        source === undefined ? { kind: 'workspace' as const } : { kind: 'source' as const, id, labels: source.labels };
      return can(permissions, 'source.read', target);
    });
  return maySee ? undefined : 'Who made the alert may not see what it is about any more.';
}

async function permissionsHeld(
  { control, people }: MakerDeps,
  workspaceId: Alert['workspaceId'],
  makerId: string,
): Promise<readonly Permission[] | undefined> {
  const token = ApiTokenId.safeParse(makerId);
  if (token.success) {
    const found = await control.getApiToken(workspaceId, token.data);
    return found && (found.permissions ?? [ownerPermission(workspaceId)]);
  }
  const person = PersonId.safeParse(makerId);
  const member = person.success ? await people.getMember(workspaceId, person.data) : undefined;
  return member && permissionsOf(member, await control.listGroups(workspaceId));
}

/** Tokens of before there were roles. */
const ownerPermission = (id: string): Permission => ({
  roleId: 'workspace-owner',
  resources: [{ id, type: 'WORKSPACE' }],
});
