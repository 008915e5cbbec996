import type { Change } from '../../../shared/ports/control-store.ts';
import { conflict, invalid, notFound } from '../http/api-fault.ts';
import { firstThatFit, PEOPLE_BYTES_MAX } from '../http/one-commit.ts';
import type { HandlersOf } from '../http/request.ts';
import { givenPermissions } from '../people/given-permissions.ts';
import { inviteChange } from '../people/invite-changes.ts';
import { groupsLeft, isLive, keepAnOwner, readRoster } from '../people/roster.ts';
import { newInviteText } from '../../../shared/aws/secret-texts.ts';

/** Invites as the original has them: by address. Their links are made by the routes of the app. */
export const invitesHandlers: HandlersOf<'listInvites' | 'createInvites' | 'deleteInvites'> = {
  listInvites: async ({ control, workspaceId, pages, now }, { query }) => {
    const at = now().toISOString();
    const items = (await control.listInvites(workspaceId)).filter((invite) => isLive(invite, at));
    const page = await pages.cut({ name: 'invites', items, keyOf: ({ email }) => email }, query.pagination);
    return { invites: page.items.map(({ email }) => email), pagination: page.pagination };
  },

  createInvites: async (request, { body }) => {
    const { control, workspaceId } = request;
    const emails = body.invites.map(({ email }) => email);
    const twice = emails.findIndex((email, index) => emails.indexOf(email) !== index);
    if (twice >= 0) throw invalid({ field: `invites.${twice}.email`, message: 'This address is in the list twice.' });
    return await request.change(async (config) => {
      const roster = await readRoster(control, workspaceId);
      const changes: Change[] = [];
      for (const [index, { email, permissions = [] }] of body.invites.entries()) {
        // One set of labels for all resources of a permission, and the workspace where none is named.
        const given = permissions.map(({ roleId, resources, labels }) => ({
          roleId,
          resources: (resources ?? [{ id: workspaceId, type: 'WORKSPACE' as const }]).map((resource) => ({
            ...resource,
            ...(labels !== undefined && labels.length > 0 && { labels }),
          })),
        }));
        const checked = await givenPermissions(request, config, given, `invites.${index}.permissions`);
        changes.push(inviteChange(request, roster, { email, permissions: checked, text: newInviteText() }));
      }
      if (firstThatFit(changes, { bytesMax: PEOPLE_BYTES_MAX }).length < changes.length) {
        const message = `All together have more than ${PEOPLE_BYTES_MAX} bytes: invite fewer people at a time.`;
        throw invalid({ field: 'invites', message });
      }
      return { changes, value: { emails } };
    });
  },

  // All of them or none.
  deleteInvites: async (request, { query }) => {
    const { control, workspaceId, now } = request;
    return await request.change(async () => {
      const roster = await readRoster(control, workspaceId);
      const { invites, groups } = roster;
      const removals = [...new Set(query.emails)].map((address): Change => {
        const thing = invites.find(({ email }) => email === address);
        if (thing === undefined) throw notFound('invite', address);
        return { kind: 'invite', verb: 'remove', thing };
      });
      const changes = [...removals, ...groupsLeft(groups, query.emails, now().toISOString())];
      if (firstThatFit(changes, { bytesMax: PEOPLE_BYTES_MAX }).length < changes.length) {
        throw conflict('These addresses are in too many or too large groups at once: delete fewer invites at a time.');
      }
      // A group that they leave may be what makes somebody the owner.
      keepAnOwner(roster, changes);
      return { changes, value: { status: 'SUCCESS' as const } };
    });
  },
};
