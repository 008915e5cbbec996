import * as z from 'zod';
import { RIGHTS } from '../../domain/access.ts';
import { NOTE_CHARS_MAX, PREFERENCES_BYTES_MAX } from '../../domain/people.ts';
import { operation } from '../operation.ts';
import { AccessPermissionV1, MinimalUserGroupV1 } from '../shapes.ts';
import { shape } from '../shape.ts';
import { appAuditOperations } from './app-audit.ts';
import { appInvitesOperations } from './app-invites.ts';
import { appTokensOperations } from './app-tokens.ts';
import { appWorkspacesOperations, Deletion } from './app-workspaces.ts';

const Me = shape('Me', () =>
  z.strictObject({
    user: z.strictObject({ id: z.string(), email: z.string(), name: z.string() }),
    preferences: z.record(z.string(), z.json()),
    mayCreateWorkspaces: z.boolean(),
    workspaces: z.array(
      z.strictObject({
        id: z.string(),
        slug: z.string(),
        name: z.string(),
        deletion: Deletion().optional(),
        isOwner: z.boolean(),
        piiAccess: z.boolean(),
        rights: z.array(
          z.strictObject({
            right: z.string(),
            where: z.union([
              z.literal('everywhere'),
              z.array(
                z.strictObject({
                  sourceId: z.string().optional(),
                  labels: z.array(z.strictObject({ key: z.string(), value: z.string() })).optional(),
                }),
              ),
            ]),
          }),
        ),
      }),
    ),
    capabilities: z.array(z.strictObject({ area: z.string(), effect: z.enum(['works', 'stored', 'later']) })),
  }),
);

const AppMember = shape('AppMember', () =>
  z.strictObject({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    isOwner: z.boolean(),
    piiAccess: z.boolean(),
    permissions: z.array(AccessPermissionV1()),
    groups: z.array(MinimalUserGroupV1()),
  }),
);
const AppGroup = shape('AppGroup', () =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    emails: z.array(z.string()),
    piiAccess: z.boolean(),
    permissions: z.array(AccessPermissionV1()),
  }),
);
const AccessRequestOut = shape('AccessRequest', () =>
  z.strictObject({
    right: z.string(),
    sourceId: z.string().optional(),
    note: z.string(),
    user: z.strictObject({ id: z.string(), email: z.string(), name: z.string() }),
    askedAt: z.string(),
  }),
);
const Owner = shape('Owner', () => z.strictObject({ name: z.string(), email: z.string() }));
const RightName = z.enum(RIGHTS);

/** Characters of an ID token: one with some claims has 1,500. */
const ID_TOKEN_CHARS_MAX = 8_192;
/** Sign-ins of one person in a minute, and ends of all theirs: a page that reloads, not a script. */
const SIGN_INS_PER_MINUTE_MAX = 60;

/** Who signs in, whom a workspace has, and who asks for what. */
export const appPeopleOperations = {
  getMe: operation({
    method: 'GET',
    path: '/app-api/me',
    tag: 'Sign-in',
    stability: 'own',
    effect: 'works',
    access: { right: 'signed-in', of: 'person' },
    summary: 'Who is signed in, the workspaces they belong to with their rights there, and what is built.',
    answer: () => Me(),
  }),
  updateMyPreferences: operation({
    method: 'PATCH',
    path: '/app-api/me/preferences',
    tag: 'Sign-in',
    stability: 'own',
    effect: 'works',
    access: { right: 'signed-in', of: 'person' },
    summary: `Sets what the app remembers of a person, ${PREFERENCES_BYTES_MAX} bytes in all; null takes an entry away.`,
    body: () => z.strictObject({ preferences: z.record(z.string().min(1).max(64), z.json()) }),
    answer: () => z.strictObject({ preferences: z.record(z.string(), z.json()) }),
  }),
  endMySessions: operation({
    method: 'POST',
    path: '/app-api/me/end-sessions',
    tag: 'Sign-in',
    stability: 'own',
    effect: 'works',
    access: { right: 'signed-in', of: 'person' },
    summary: 'Ends all sign-ins of the caller at once, this one too, wherever they are. API tokens go on.',
    perMinuteMax: SIGN_INS_PER_MINUTE_MAX,
    answer: () => z.strictObject({ before: z.iso.datetime().describe('Sign-ins from before this moment are over.') }),
  }),
  signIn: operation({
    method: 'POST',
    path: '/app-api/sign-in',
    tag: 'Sign-in',
    stability: 'own',
    effect: 'works',
    access: { right: 'signed-in', of: 'person' },
    summary: 'Tells by an ID token who bears the access token. To be called once after each sign-in.',
    perMinuteMax: SIGN_INS_PER_MINUTE_MAX,
    body: () => z.strictObject({ idToken: z.string().min(1).max(ID_TOKEN_CHARS_MAX) }),
    answer: () =>
      z.strictObject({
        user: z.strictObject({ id: z.string(), email: z.string(), name: z.string() }),
        workspaces: z.array(z.strictObject({ id: z.string(), slug: z.string(), name: z.string() })),
        mayCreateWorkspaces: z.boolean(),
      }),
    audits: ['User Added', 'User Permissions Modified', 'User Modified'],
  }),
  listMembers: operation({
    method: 'GET',
    path: '/app-api/members',
    tag: 'Members',
    stability: 'own',
    effect: 'works',
    access: { right: 'member.read', of: 'workspace' },
    summary: 'All members with their groups and whether they see personal data.',
    answer: () => z.strictObject({ members: z.array(AppMember()) }),
  }),
  updateMember: operation({
    method: 'PATCH',
    path: '/app-api/members/{userId}',
    tag: 'Members',
    stability: 'own',
    effect: 'works',
    access: { right: 'member.edit', of: 'workspace' },
    summary: 'Whether a member sees personal data unmasked (M03).',
    body: () => z.strictObject({ piiAccess: z.boolean() }),
    answer: () => z.strictObject({ member: AppMember() }),
    audits: ['User Permissions Modified'],
  }),
  listAppGroups: operation({
    method: 'GET',
    path: '/app-api/groups',
    tag: 'Members',
    stability: 'own',
    effect: 'works',
    access: { right: 'member.read', of: 'workspace' },
    summary: 'All groups with their addresses and whether their people see personal data.',
    answer: () => z.strictObject({ groups: z.array(AppGroup()) }),
  }),
  updateAppGroup: operation({
    method: 'PATCH',
    path: '/app-api/groups/{groupId}',
    tag: 'Members',
    stability: 'own',
    effect: 'works',
    access: { right: 'member.edit', of: 'workspace' },
    summary: 'Whether the people of a group see personal data unmasked (M03).',
    body: () => z.strictObject({ piiAccess: z.boolean() }),
    answer: () => z.strictObject({ group: AppGroup() }),
    audits: ['User Group Modified'],
  }),
  getAccess: operation({
    method: 'GET',
    path: '/app-api/access',
    tag: 'Members',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'Whether the caller has a right, and, to people alone, who can give it (M06).',
    query: () => z.strictObject({ right: RightName, sourceId: z.string().max(64).optional() }),
    answer: () => z.strictObject({ allowed: z.boolean(), owners: z.array(Owner()) }),
  }),
  createAccessRequest: operation({
    method: 'POST',
    path: '/app-api/access-requests',
    tag: 'Members',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'Asks the owners for a right (M06). They see it until what the member may do changes, 30 days at most.',
    status: 201,
    perMinuteMax: 20,
    body: () =>
      z.strictObject({
        right: RightName,
        sourceId: z.string().max(64).optional(),
        note: z.string().trim().max(NOTE_CHARS_MAX).optional(),
      }),
    answer: () => z.strictObject({ request: AccessRequestOut(), owners: z.array(Owner()) }),
    audits: ['Access Requested', 'Access Request Closed'],
  }),
  listAccessRequests: operation({
    method: 'GET',
    path: '/app-api/access-requests',
    tag: 'Members',
    stability: 'own',
    effect: 'works',
    access: { right: 'member.edit', of: 'workspace' },
    summary: 'What members ask for.',
    answer: () => z.strictObject({ requests: z.array(AccessRequestOut()) }),
  }),
  ...appWorkspacesOperations,
  ...appInvitesOperations,
  ...appTokensOperations,
  ...appAuditOperations,
};
