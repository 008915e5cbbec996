import {
  type Group,
  type Invite,
  Member,
  MEMBERS_MAX,
  WORKSPACES_PER_PERSON_MAX,
} from '../../../shared/domain/people.ts';
import { type Change, CHANGES_PER_COMMIT_MAX } from '../../../shared/ports/control-store.ts';
import { ApiFault, conflict, invalid } from '../http/api-fault.ts';
import { changeIn } from '../http/change-in.ts';
import { firstThatFit, PEOPLE_BYTES_MAX } from '../http/one-commit.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import {
  addressNotProved,
  endSignIns,
  hasProvedAddress,
  makeInvitedAccount,
  requireSignInSince,
  vouchFor,
} from '../people/account-origin.ts';
import { givenPermissions, toldPermission } from '../people/given-permissions.ts';
import { inviteChange } from '../people/invite-changes.ts';
import { ownsDeployment, personOf, signedInWith } from '../people/person-of.ts';
import { groupNotFound, isLive, readRoster } from '../people/roster.ts';
import { newInviteText, sha256Of } from '../../../shared/aws/secret-texts.ts';

export const appInvitesHandlers: HandlersOf<
  'listAppInvites' | 'createAppInvite' | 'lookUpInvite' | 'createInvitedAccount' | 'acceptInvite' | 'vouchForAddress'
> = {
  listAppInvites: async ({ control, workspaceId, now }) => {
    const { invites, groups } = await readRoster(control, workspaceId);
    const at = now().toISOString();
    return { invites: invites.map((invite) => toldInvite(invite, groups, at)) };
  },

  createAppInvite: async (request, { body: { email, permissions: given = [], groupIds } }) => {
    const { control, workspaceId, now } = request;
    const token = newInviteText();
    return await request.change(async (config) => {
      const roster = await readRoster(control, workspaceId);
      const unknown = groupIds?.find((id) => !roster.groups.some((group) => group.id === id));
      if (unknown !== undefined) throw groupNotFound(unknown);
      const permissions = await givenPermissions(request, config, given);
      const invite = inviteChange(request, roster, { email, permissions, text: token });
      const at = now().toISOString();
      const groups =
        groupIds === undefined ? [...roster.groups] : roster.groups.map((group) => inGroup(group, email, groupIds, at));
      const changed = groups.filter((group, index) => group !== roster.groups[index]);
      if (changed.length >= CHANGES_PER_COMMIT_MAX) {
        throw invalid({ field: 'groupIds', message: `At most ${CHANGES_PER_COMMIT_MAX - 1} groups at a time.` });
      }
      const changes: Change[] = [invite, ...changed.map((thing): Change => ({ kind: 'group', verb: 'save', thing }))];
      if (firstThatFit(changes, { bytesMax: PEOPLE_BYTES_MAX }).length < changes.length) {
        throw invalid({ field: 'groupIds', message: 'These groups are too large for one step: name fewer at a time.' });
      }
      return { changes, value: { invite: toldInvite(invite.thing, groups, at), token } };
    });
  },

  lookUpInvite: async (request, { body }) => {
    const { invite, name } = await liveInvite(request, body.token);
    return { workspace: { name }, email: maskedAddress(invite.email), expiresAt: invite.expiresAt };
  },

  // Whether there was an account is not told: an invite can be made to any address.
  createInvitedAccount: async (request, { body: { token, password, name } }) => {
    const { invite } = await liveInvite(request, token);
    // The account that opens the whole deployment is made by who deploys it, never by a link that somebody else may have read.
    if (ownsDeployment(request, invite.email)) return { status: 'SUCCESS' as const };
    await makeInvitedAccount(request, invite.workspaceId, { email: invite.email, name, password });
    return { status: 'SUCCESS' as const };
  },

  acceptInvite: async (request, { body: { token } }) => {
    const person = personOf(request);
    const { deps, now } = request;
    const { invite, workspaceId } = await liveInvite(request, token);
    if (invite.email !== person.email) throw anotherAddress();
    if (!(await hasProvedAddress(request, person, workspaceId))) throw addressNotProved();
    const since = await requireSignInSince(request, signedInWith(request).access, person);
    // Before anybody is let in by it: what was signed in with earlier is of the same person.
    if (since !== undefined) await endSignIns(request, person, since);
    const memberships = await deps.people.listMemberships(person.id);
    if (
      memberships.length >= WORKSPACES_PER_PERSON_MAX &&
      !memberships.some((one) => one.workspaceId === workspaceId)
    ) {
      throw conflict(`A person belongs to at most ${WORKSPACES_PER_PERSON_MAX} workspaces.`);
    }
    return await changeIn(request, workspaceId, async () => {
      // Who accepts at the same moment finds that it is used: one of them becomes a member, once.
      const { invite: present, workspace } = await liveInvite(request, token);
      const at = now().toISOString();
      const members = await request.control.listMembers(workspaceId);
      if (members.length >= MEMBERS_MAX) throw conflict(`A workspace has at most ${MEMBERS_MAX} members.`);
      const used: Change = { kind: 'invite', verb: 'remove', thing: present };
      const value = { workspace: { id: workspace.id, slug: workspace.slug, name: workspace.name } };
      if (members.some(({ personId }) => personId === person.id)) return { changes: [used], value };
      const thing = Member.parse({
        personId: person.id,
        workspaceId,
        email: person.email,
        name: person.name,
        permissions: present.permissions,
        version: 0,
        createdAt: at,
        updatedAt: at,
      });
      return { changes: [{ kind: 'member', verb: 'save', thing }, used], value };
    });
  },

  vouchForAddress: async (request, { body: { email, password } }) => {
    const person = personOf(request);
    // A link may have made their own account, too, before the address was the owner's.
    const isOwner = ownsDeployment(request, person.email) && (await hasProvedAddress(request, person));
    if (!isOwner) throw deploymentOwnerOnly();
    await vouchFor(request, person, email, password);
    return { status: 'SUCCESS' as const };
  },
};

/** The group with the address in it or not, as wanted; the same one where that is so already. */
function inGroup(group: Group, email: string, groupIds: readonly string[], updatedAt: string): Group {
  const isIn = group.emails.includes(email);
  if (groupIds.includes(group.id)) {
    return isIn ? group : { ...group, emails: [...group.emails, email], updatedAt };
  }
  return isIn ? { ...group, emails: group.emails.filter((one) => one !== email), updatedAt } : group;
}

const toldInvite = (invite: Invite, groups: readonly Group[], now: string) => ({
  email: invite.email,
  permissions: invite.permissions.map(toldPermission),
  groups: groups.filter(({ emails }) => emails.includes(invite.email)).map(({ id, name }) => ({ id, name })),
  invitedBy: invite.invitedBy,
  createdAt: invite.createdAt,
  expiresAt: invite.expiresAt,
  expired: !isLive(invite, now),
});

/** What a link opens now. Throws ApiFault 404, alike for one that is used, replaced, over, of a workspace that ends, or never was. */
async function liveInvite({ deps, control, now }: ApiRequest, token: string) {
  const invite = await deps.people.findInvite(sha256Of(token));
  const at = now().toISOString();
  const workspace =
    invite !== undefined && isLive(invite, at) ? await control.getWorkspace(invite.workspaceId) : undefined;
  if (invite === undefined || workspace === undefined || (workspace.deletion?.dueAt ?? at) < at) throw noInvite();
  return { invite, workspace, workspaceId: workspace.id, name: workspace.name };
}

const noInvite = (): ApiFault =>
  new ApiFault(404, [
    { type: 'not-found', message: 'This invite is used, replaced by a newer one, or over. Ask for another one.' },
  ]);

const anotherAddress = (): ApiFault =>
  new ApiFault(403, [
    { type: 'another-address', message: 'This invite is not for the address that you signed in with.' },
  ]);

const deploymentOwnerOnly = (): ApiFault =>
  new ApiFault(403, [{ type: 'insufficient-permission', message: "This is for the deployment's owner alone." }]);

/** `j•••@s•••.test`: enough to know one's own address by. */
function maskedAddress(email: string): string {
  const [name = '', host = ''] = email.split('@');
  const ending = host.includes('.') ? host.slice(host.lastIndexOf('.')) : '';
  return `${name.slice(0, 1)}•••@${host.slice(0, 1)}•••${ending}`;
}
