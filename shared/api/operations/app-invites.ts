import * as z from 'zod';
import { PASSWORD_CHARS_MIN } from '../../config/sign-in.ts';
import { PERMISSIONS_MAX } from '../../domain/access.ts';
import { Email, GROUPS_MAX } from '../../domain/people.ts';
import { nameText } from '../bounds.ts';
import { operation } from '../operation.ts';
import { AccessPermissionV1, MinimalUserGroupV1, PermissionInputV1 } from '../shapes.ts';
import { shape } from '../shape.ts';

const AppInvite = shape('AppInvite', () =>
  z.strictObject({
    email: z.string(),
    permissions: z.array(AccessPermissionV1()),
    groups: z.array(MinimalUserGroupV1()),
    invitedBy: z.string(),
    createdAt: z.string(),
    expiresAt: z.string(),
    expired: z.boolean(),
  }),
);
const InviteToken = z.string().min(1).max(128);
/** The longest password that is passed on; Cognito takes 256. */
const PASSWORD_CHARS_MAX = 256;
/** Looks at invites, and accepts, of one address or person in a minute (T20). */
const INVITE_LOOKUPS_PER_MINUTE_MAX = 30;
/** Accounts that one address makes by links in a minute (T20). */
const INVITE_ACCOUNTS_PER_MINUTE_MAX = 10;

/** Invites with their links. The original's routes name addresses alone. */
export const appInvitesOperations = {
  listAppInvites: operation({
    method: 'GET',
    path: '/app-api/invites',
    tag: 'Invites',
    stability: 'own',
    effect: 'works',
    access: { right: 'member.read', of: 'workspace' },
    summary: 'Invites with who made them and when they end.',
    answer: () => z.strictObject({ invites: z.array(AppInvite()) }),
  }),
  createAppInvite: operation({
    method: 'POST',
    path: '/app-api/invites',
    tag: 'Invites',
    stability: 'own',
    effect: 'works',
    access: { right: 'member.edit', of: 'workspace' },
    summary:
      'Invites an address for 7 days and answers, this once, the text of the link. Inviting again makes earlier links void.',
    status: 201,
    body: () =>
      z.strictObject({
        email: Email,
        permissions: z.array(PermissionInputV1()).max(PERMISSIONS_MAX).optional(),
        groupIds: z.array(z.string().max(64)).max(GROUPS_MAX).optional(),
      }),
    answer: () => z.strictObject({ invite: AppInvite(), token: z.string() }),
    audits: ['User Invited', 'User Invited Again', 'User Group Modified'],
  }),
  lookUpInvite: operation({
    method: 'POST',
    path: '/app-api/invites/lookup',
    tag: 'Invites',
    stability: 'own',
    effect: 'works',
    access: { right: 'public', of: 'nobody' },
    summary: 'What a link invites to, with the address masked.',
    perMinuteMax: INVITE_LOOKUPS_PER_MINUTE_MAX,
    body: () => z.strictObject({ token: InviteToken }),
    answer: () =>
      z.strictObject({ workspace: z.strictObject({ name: z.string() }), email: z.string(), expiresAt: z.string() }),
  }),
  createInvitedAccount: operation({
    method: 'POST',
    path: '/app-api/invites/account',
    tag: 'Invites',
    stability: 'own',
    effect: 'works',
    access: { right: 'public', of: 'nobody' },
    summary:
      'Makes an account for the invited address. An account that is there already stays as it is, its password included; the answer is the same.',
    perMinuteMax: INVITE_ACCOUNTS_PER_MINUTE_MAX,
    body: () =>
      z.strictObject({
        token: InviteToken,
        // As the user pool asks, and before it is asked: what it refuses would tell that there was no account.
        password: z.string().min(PASSWORD_CHARS_MIN).max(PASSWORD_CHARS_MAX),
        name: nameText(),
      }),
    answer: () => z.strictObject({ status: z.literal('SUCCESS') }),
  }),
  acceptInvite: operation({
    method: 'POST',
    path: '/app-api/invites/accept',
    tag: 'Invites',
    stability: 'own',
    effect: 'works',
    access: { right: 'signed-in', of: 'person' },
    summary: 'Makes the person who is signed in a member. The invite must be to their address.',
    perMinuteMax: INVITE_LOOKUPS_PER_MINUTE_MAX,
    body: () => z.strictObject({ token: InviteToken }),
    answer: () => z.strictObject({ workspace: z.strictObject({ id: z.string(), slug: z.string(), name: z.string() }) }),
    audits: ['User Added', 'User Invite Removed'],
  }),
  vouchForAddress: operation({
    method: 'POST',
    path: '/app-api/accounts/vouch',
    tag: 'Invites',
    stability: 'own',
    effect: 'works',
    access: { right: 'signed-in', of: 'person' },
    summary:
      "The deployment's owner says that an address is whose it says, of an account that an invite's link made: its sign-ins end, its password becomes the given one, or one that nobody knows, and it may accept invites of every workspace.",
    perMinuteMax: INVITE_LOOKUPS_PER_MINUTE_MAX,
    body: () =>
      z.strictObject({
        email: Email,
        password: z.string().min(PASSWORD_CHARS_MIN).max(PASSWORD_CHARS_MAX).optional(),
      }),
    answer: () => z.strictObject({ status: z.literal('SUCCESS') }),
  }),
};
