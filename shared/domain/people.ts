import * as z from 'zod';
import { LabelKey, Permission, PERMISSIONS_MAX, RIGHTS } from './access.ts';
import { GroupId, PersonId, SourceId, WorkspaceId } from './ids.ts';
import { Timestamp } from './timestamp.ts';
import { NAME_CHARS_MAX, stored } from './workspace.ts';

/** RFC 5321: the longest address. Compared in small letters. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(320)
  .regex(/^[^\s@<>"(),:;[\]\\]{1,64}@[^\s@<>"(),:;[\]\\]{1,255}$/, 'an e-mail address');

/** Bytes of what the app remembers of a person. */
export const PREFERENCES_BYTES_MAX = 16_384;

/** Someone who has signed in, over all workspaces. Known by issuer and subject of the tokens; the e-mail is what the issuer vouched for. */
export const Person = z.object({
  id: PersonId,
  email: Email,
  name: z.string().max(NAME_CHARS_MAX),
  issuer: z.string().max(512),
  subject: z.string().min(1).max(255),
  preferences: z.record(z.string().max(64), z.json()).default({}),
  /** Sign-ins from before this moment are over, whoever has tokens of them. */
  notBefore: Timestamp.optional(),
  ...stored,
});
export type Person = z.infer<typeof Person>;

/** Members of a workspace, groups, and people in one group. */
export const MEMBERS_MAX = 1_000;
/** Addresses of one group as JSON text: beside its permissions they must fit into an item of DynamoDB, which has 400 KB. */
export const GROUP_EMAILS_BYTES_MAX = 250_000;
/** Of one workspace. */
export const GROUPS_MAX = 100;

/** People whom one request invites or removes: each is up to five items of its transaction, groups come beside them, and DynamoDB takes 100. */
export const PEOPLE_AT_ONCE_MAX = 15;

/** A person in a workspace: who they are is repeated here, so that a list is one query. */
export const Member = z.object({
  personId: PersonId,
  workspaceId: WorkspaceId,
  email: Email,
  name: z.string().max(NAME_CHARS_MAX),
  permissions: z.array(Permission).max(PERMISSIONS_MAX),
  /** Sees personal data unmasked (M03). Owners do in any case. */
  piiAccess: z.boolean().default(false),
  ...stored,
});
export type Member = z.infer<typeof Member>;

/** People who have its permissions beside their own (M02). */
export const Group = z.object({
  id: GroupId,
  workspaceId: WorkspaceId,
  name: z.string().trim().min(1).max(NAME_CHARS_MAX),
  /** E-mail addresses of members, and of people who are invited and will be. */
  emails: z.array(Email).max(MEMBERS_MAX).default([]),
  permissions: z.array(Permission).max(PERMISSIONS_MAX).default([]),
  piiAccess: z.boolean().default(false),
  ...stored,
});
export type Group = z.infer<typeof Group>;

/** How long an invite can be used. */
export const INVITE_DAYS = 7;
/** Invites of a workspace, those that are over included. */
export const INVITES_MAX = 500;
/** Workspaces that one person belongs to. */
export const WORKSPACES_PER_PERSON_MAX = 20;

/** Bound to the address; used once. The text of its link is not kept, only the SHA-256 of it. */
export const Invite = z.object({
  email: Email,
  workspaceId: WorkspaceId,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  permissions: z.array(Permission).max(PERMISSIONS_MAX),
  expiresAt: Timestamp,
  invitedBy: z.string().max(320),
  ...stored,
});
export type Invite = z.infer<typeof Invite>;

/**
 * An account that the link of an invite made: whoever had the link chose its password, and nobody has shown that the address is theirs. So it counts in the
 * workspaces alone that invited, until the deployment's owner vouches for the address. Accounts that were made in another way have no such entry.
 */
export const AccountOrigin = z.object({
  email: Email,
  /** Whose links were used at once to make it: almost always one. With two it is not known whose it is, and it counts in neither. */
  workspaceIds: z.array(WorkspaceId).min(1).max(2),
  /** What its tokens say. Absent as long as it is being made, and for ever where that ended half-way. */
  subject: z.string().max(255).optional(),
  /** `at`: what somebody signed in with before is over. `by`: the person. */
  vouched: z.object({ at: Timestamp, by: PersonId }).optional(),
  ...stored,
});
export type AccountOrigin = z.infer<typeof AccountOrigin>;

/** How long a request for access is shown, unless what the person may do has changed before (M06). */
export const ACCESS_REQUEST_DAYS = 30;
/** Requests of one person that are open at once. */
export const ACCESS_REQUESTS_MAX = 10;
/** Characters of what a person says beside a request. */
export const NOTE_CHARS_MAX = 1_024;

/** A right that a member asks the owners for. */
export const AccessRequest = z.object({
  personId: PersonId,
  workspaceId: WorkspaceId,
  right: z.enum(RIGHTS),
  /** Absent: for the workspace as a whole. */
  sourceId: SourceId.optional(),
  note: z.string().max(NOTE_CHARS_MAX),
  ...stored,
});
export type AccessRequest = z.infer<typeof AccessRequest>;

/** M11: beside dev and prod. */
export const CUSTOM_ENVIRONMENTS_MAX = 5;
/** Of one workspace. */
export const LABELS_MAX = 200;
/** A label that sources may have. */
export const Label = z.object({
  workspaceId: WorkspaceId,
  key: LabelKey,
  value: LabelKey,
  description: z.string().max(1_024).optional(),
  ...stored,
});
export type Label = z.infer<typeof Label>;
