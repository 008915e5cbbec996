import type { Permission } from '../../../shared/domain/access.ts';
import { Invite, INVITE_DAYS, INVITES_MAX } from '../../../shared/domain/people.ts';
import type { Change } from '../../../shared/ports/control-store.ts';
import { conflict } from '../http/api-fault.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Roster } from './roster.ts';
import { sha256Of } from '../../../shared/aws/secret-texts.ts';

const DAY_MS = 86_400_000;

/**
 * An invite to an address, or the one it has with a new link: what was sent before opens nothing from then on. Throws ApiFault 409 where the address is
 * a member's already, or where there are too many invites.
 */
export function inviteChange(
  { workspaceId, caller, now }: Pick<ApiRequest, 'workspaceId' | 'caller' | 'now'>,
  { members, invites }: Roster,
  { email, permissions, text }: { email: string; permissions: readonly Permission[]; text: string },
): Change & { kind: 'invite' } {
  if (members.some((member) => member.email === email)) {
    throw conflict(`${email} is a member already: change their permissions instead.`);
  }
  const earlier = invites.find((invite) => invite.email === email);
  if (earlier === undefined && invites.length >= INVITES_MAX) {
    throw conflict(`A workspace has at most ${INVITES_MAX} invites: delete some that nobody took.`);
  }
  const at = now();
  const thing = Invite.parse({
    email,
    workspaceId,
    sha256: sha256Of(text),
    permissions,
    expiresAt: new Date(at.getTime() + INVITE_DAYS * DAY_MS).toISOString(),
    invitedBy: caller.kind === 'person' ? caller.email : caller.name,
    version: earlier?.version ?? 0,
    createdAt: earlier?.createdAt ?? at.toISOString(),
    updatedAt: at.toISOString(),
  });
  return { kind: 'invite', verb: 'save', thing };
}
