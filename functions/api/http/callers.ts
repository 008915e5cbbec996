import { isOwner, ownerOf, type Permission } from '../../../shared/domain/access.ts';
import { sha256Of } from '../../../shared/aws/secret-texts.ts';
import type { WorkspaceId } from '../../../shared/domain/ids.ts';
import type { Member, Person } from '../../../shared/domain/people.ts';
import { dayOf } from '../../../shared/domain/timestamp.ts';
import type { ApiToken, Workspace } from '../../../shared/domain/workspace.ts';
import type { ControlStore } from '../../../shared/ports/control-store.ts';
import type { PersonToken } from '../../../shared/ports/person-tokens.ts';
import type { ApiDeps } from '../api-deps.ts';
import { ApiFault } from './api-fault.ts';
import type { Caller } from './request.ts';

/** The longest bearer token that is looked at: a JWT with its claims has some 1,500 characters. */
const TOKEN_CHARS_MAX = 8_192;
/** Which workspace is meant: its id or slug. A token has but one, and none else may be named with it. */
export const WORKSPACE_HEADER = 'x-tributary-workspace';

/** Who bears the token, before it is known which workspace is meant. */
export type Bearer =
  | { kind: 'token'; token: ApiToken }
  /** `person`: absent at the first sign-in, when nobody has told us the e-mail yet. */
  | { kind: 'person'; access: PersonToken; person: Person | undefined };

/** A read of the store that changes nothing, so that no author is needed. */
type Reader = Pick<ControlStore, 'findApiToken' | 'getWorkspace' | 'listWorkspaces' | 'listGroups'>;
type BearerDeps = Pick<ApiDeps, 'people' | 'personTokens' | 'now'>;

/**
 * The bearer of `Authorization: Bearer …`; `undefined`: absent, malformed, expired or nobody's; `ended`: a good token of a sign-in that is over. API tokens
 * are looked up by their SHA-256, so that no comparison of secrets takes place here, and are never kept: a revoked one stops at the next request. What holds
 * dots is what people sign in with.
 */
export async function bearerOf(
  deps: BearerDeps,
  control: Pick<Reader, 'findApiToken'>,
  authorization: string | undefined,
): Promise<Bearer | 'ended' | undefined> {
  const text = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization ?? '')?.[1];
  if (text === undefined || text.length > TOKEN_CHARS_MAX) return undefined;
  if (text.includes('.')) {
    const access = await deps.personTokens.verifyAccess(text);
    if (access === undefined) return undefined;
    const person = await deps.people.findBySubject(access.issuer, access.subject);
    return isOver(access, person?.notBefore) ? 'ended' : { kind: 'person', access, person };
  }
  const token = await control.findApiToken(sha256Of(text));
  if (token === undefined || hasEnded(token, deps.now())) return undefined;
  return { kind: 'token', token };
}

/** Whether a sign-in has been ended since: by ISO times of one form. */
export const isOver = ({ signedInAt }: PersonToken, notBefore: string | undefined): boolean =>
  notBefore !== undefined && signedInAt < notBefore;

/** The caller in the workspace that the request means. Throws ApiFault where there is none, or where it must be said which. */
export async function callerIn(
  deps: Pick<ApiDeps, 'people'>,
  control: Reader,
  bearer: Bearer,
  wanted: string | undefined,
): Promise<{ caller: Caller; workspace: Workspace }> {
  if (bearer.kind === 'token') {
    const { token } = bearer;
    const workspace = await control.getWorkspace(token.workspaceId);
    if (workspace === undefined) throw gone();
    if (wanted !== undefined && wanted !== workspace.id && wanted !== workspace.slug) throw gone();
    return { caller: callerOfToken(token), workspace };
  }
  const { person } = bearer;
  if (person === undefined) throw notSignedIn();
  const memberships = await deps.people.listMemberships(person.id);
  const workspaces = await Promise.all(memberships.map((one) => control.getWorkspace(one.workspaceId)));
  const pairs = memberships.flatMap((member, index) => {
    const workspace = workspaces[index];
    return workspace === undefined ? [] : [{ member, workspace }];
  });
  const meant =
    wanted === undefined ? pairs : pairs.filter(({ workspace: { id, slug } }) => id === wanted || slug === wanted);
  const [found, other] = meant;
  if (found === undefined) throw wanted === undefined ? noWorkspace() : gone();
  if (other !== undefined) throw whichWorkspace(pairs.map(({ workspace }) => workspace.slug));
  return { caller: await callerOfPerson(control, person, found.member), workspace: found.workspace };
}

/**
 * The caller as they are now, with what they may do now. Throws ApiFault where they belong to the workspace no more, or where what they signed in with, or
 * their token, has ended since.
 */
export async function callerNow(
  deps: Pick<ApiDeps, 'people' | 'now'>,
  control: Pick<Reader, 'findApiToken' | 'listGroups'>,
  bearer: Bearer,
  workspaceId: WorkspaceId,
): Promise<Caller> {
  if (bearer.kind === 'token') {
    const token = await control.findApiToken(bearer.token.sha256);
    if (token === undefined || hasEnded(token, deps.now())) throw unauthenticated();
    return callerOfToken(token);
  }
  if (bearer.person === undefined) throw notSignedIn();
  const { id } = bearer.person;
  const [person, member] = await Promise.all([deps.people.getPerson(id), deps.people.getMember(workspaceId, id)]);
  if (person === undefined) throw unauthenticated();
  if (isOver(bearer.access, person.notBefore)) throw signInEnded();
  if (member === undefined) throw gone();
  return await callerOfPerson(control, person, member);
}

const hasEnded = ({ expiresAt }: ApiToken, now: Date): boolean =>
  expiresAt !== undefined && expiresAt <= now.toISOString();

export function callerOfToken(token: ApiToken): Caller {
  const permissions = token.permissions ?? [ownerOf(token.workspaceId)];
  return { kind: 'token', id: token.id, name: token.name, permissions, piiAccess: isOwner(permissions) };
}

/** What a member may do: their own permissions and those of their groups (M02). */
async function callerOfPerson(control: Pick<Reader, 'listGroups'>, person: Person, member: Member): Promise<Caller> {
  const groups = (await control.listGroups(member.workspaceId)).filter(({ emails }) => emails.includes(member.email));
  const permissions: Permission[] = [...member.permissions, ...groups.flatMap((group) => group.permissions)];
  return {
    kind: 'person',
    id: person.id,
    name: person.name,
    email: person.email,
    person,
    member,
    permissions,
    piiAccess: member.piiAccess || groups.some(({ piiAccess }) => piiAccess) || isOwner(permissions),
  };
}

/** Tokens whose use this environment has noted today. */
const NOTED_MAX = 5_000;

/** Notes the day of a token's last use once a day and environment, and fails no request. */
export function useNotes(
  deps: Pick<ApiDeps, 'people' | 'now'>,
): (workspaceId: WorkspaceId, tokenId: string) => Promise<void> {
  const noted = new Map<string, string>();
  return async (workspaceId, tokenId) => {
    const day = dayOf(deps.now().toISOString());
    if (noted.get(tokenId) === day) return;
    if (noted.size >= NOTED_MAX) noted.clear();
    noted.set(tokenId, day);
    try {
      await deps.people.noteUse(workspaceId, tokenId, day);
    } catch {
      // A day that is not noted is no reason to refuse anybody.
      noted.delete(tokenId);
    }
  };
}

export const unauthenticated = (): ApiFault =>
  new ApiFault(
    401,
    [
      {
        type: 'unauthenticated',
        message:
          'Send an API token, or sign in: "Authorization: Bearer <token>". This one is missing, expired or revoked.',
      },
    ],
    { 'WWW-Authenticate': 'Bearer' },
  );

/** The token is good, and what its person signed in with before some moment was ended: by them, or by who vouched for their address. */
export const signInEnded = (): ApiFault =>
  new ApiFault(
    401,
    [{ type: 'sign-in-ended', message: 'This sign-in has been ended: sign in again, with the password.' }],
    { 'WWW-Authenticate': 'Bearer' },
  );

const notSignedIn = (): ApiFault =>
  new ApiFault(401, [
    { type: 'unknown-person', message: 'Nobody has signed in with this yet: POST /app-api/sign-in first.' },
  ]);
const gone = (): ApiFault => new ApiFault(404, [{ type: 'not-found', message: 'There is no such workspace.' }]);
const noWorkspace = (): ApiFault =>
  new ApiFault(404, [
    { type: 'no-workspace', message: 'You belong to no workspace. Ask an owner of one to invite you.' },
  ]);
const whichWorkspace = (slugs: readonly string[]): ApiFault =>
  new ApiFault(422, [
    {
      type: 'input-validation',
      field: WORKSPACE_HEADER,
      message: `You belong to several workspaces: name one in the header ${WORKSPACE_HEADER}.`,
      data: slugs,
    },
  ]);
