import { ownerOf } from '../../../shared/domain/access.ts';
import { mergedPermissions, ownersAmong } from '../../../shared/domain/grants.ts';
import { PersonId, type WorkspaceId } from '../../../shared/domain/ids.ts';
import {
  Email,
  GROUPS_MAX,
  Member,
  MEMBERS_MAX,
  Person,
  WORKSPACES_PER_PERSON_MAX,
} from '../../../shared/domain/people.ts';
import { NAME_CHARS_MAX } from '../../../shared/domain/workspace.ts';
import type { Change } from '../../../shared/ports/control-store.ts';
import { ApiFault, CHANGED_MEANWHILE, conflict } from '../http/api-fault.ts';
import { changeIn } from '../http/change-in.ts';
import { firstThatFit, PEOPLE_BYTES_MAX } from '../http/one-commit.ts';
import type { ApiRequest } from '../http/request.ts';
import { hasProvedAddress, requireSignInSince } from './account-origin.ts';
import { ownsDeployment, signedInWith } from './person-of.ts';

/** Two sign-ins of one person at the same moment meet at their item. */
const SAVE_TRIES_MAX = 4;

/**
 * Makes or brings up to date the person who signed in. Only an address that the issuer has verified counts, by a token of the very sign-in that the
 * request bears. Sign-up is closed: whoever nobody invited is a person without a workspace.
 */
export async function signedIn(request: ApiRequest, idToken: string): Promise<Person> {
  const { access } = signedInWith(request);
  const { deps, now, newId } = request;
  const id = await deps.personTokens.verifyId(idToken, access);
  if (id === undefined) {
    throw new ApiFault(401, [
      { type: 'unauthenticated', message: 'This ID token is not of this sign-in, or over. Sign in again.' },
    ]);
  }
  if (id.email === undefined || id.emailVerified !== true) {
    throw new ApiFault(403, [
      {
        type: 'address-not-verified',
        message: 'Your e-mail address is not verified. Verify it where you signed in, then sign in again.',
      },
    ]);
  }
  const { data: email } = Email.safeParse(id.email);
  if (email === undefined) {
    throw new ApiFault(403, [
      {
        type: 'address-not-taken',
        message:
          'Your e-mail address has a form that is not taken here: 64 characters, @ and a host at most, without spaces, quotes and brackets. Have it changed where you signed in, then sign in again.',
      },
    ]);
  }
  const since = await requireSignInSince(request, access, { email, subject: access.subject });
  const name = (id.name ?? '').trim().slice(0, NAME_CHARS_MAX);
  for (let tries = 0; tries < SAVE_TRIES_MAX; tries += 1) {
    const at = now().toISOString();
    const known = await deps.people.findBySubject(access.issuer, access.subject);
    const notBefore = (known?.notBefore ?? '') > (since ?? '') ? known?.notBefore : since;
    const isCurrent = known?.email === email && (known.name === name || name === '') && known.notBefore === notBefore;
    if (isCurrent) return known;
    const person: Person =
      known === undefined
        ? Person.parse({
            id: PersonId.parse(newId('usr')),
            email,
            name,
            issuer: access.issuer,
            subject: access.subject,
            notBefore,
            version: 0,
            createdAt: at,
            updatedAt: at,
          })
        : { ...known, email, name: name === '' ? known.name : name, notBefore, updatedAt: at };
    // The copies first: where this ends half-way, the person still has the old address, and the next sign-in does it again.
    if (known !== undefined) await renameMember(inNameOf(request, person), known, person);
    const saved = await deps.people.savePerson(person, newId('write'));
    if (saved.outcome === 'saved') return saved.value;
  }
  throw conflict(CHANGED_MEANWHILE);
}

/** What these steps use of a request; `control` writes the audit trail in the name of the person, whom the request may not know yet. */
type Step = Pick<ApiRequest, 'deps' | 'control' | 'now' | 'newId'>;

/** Transactions that one workspace may take: a person is in GROUPS_MAX groups at most, and each takes one of them at least. */
const RENAME_ROUNDS_MAX = GROUPS_MAX + 1;

/** The copies of a person's address and name that their workspaces have: as member, and in groups, which go first where they are many. */
async function renameMember(step: Step, known: Person, person: Person): Promise<void> {
  for (const { workspaceId } of await step.deps.people.listMemberships(known.id)) {
    for (let round = 0; round < RENAME_ROUNDS_MAX; round += 1) {
      if (await renameOnce(step, workspaceId, person)) break;
    }
  }
}

/** Answers whether all is done. */
async function renameOnce(step: Step, workspaceId: WorkspaceId, { id, email, name }: Person): Promise<boolean> {
  return await changeIn(step, workspaceId, async () => {
    const updatedAt = step.now().toISOString();
    const [member, groups] = await Promise.all([
      step.deps.people.getMember(workspaceId, id),
      step.control.listGroups(workspaceId),
    ]);
    if (member === undefined || (member.email === email && member.name === name)) return { changes: [], value: true };
    const ofGroups = groups
      .filter(({ emails }) => email !== member.email && emails.includes(member.email))
      .map((group): Change => {
        const emails = [...new Set(group.emails.map((one) => (one === member.email ? email : one)))];
        return { kind: 'group', verb: 'save', thing: { ...group, emails, updatedAt } };
      });
    const ofMember: Change = { kind: 'member', verb: 'save', thing: { ...member, email, name, updatedAt } };
    const all = [...ofGroups, ofMember];
    const changes = firstThatFit(all, { bytesMax: PEOPLE_BYTES_MAX });
    return { changes, value: changes.length === all.length };
  });
}

/** Workspaces that are looked at for one without an owner when the deployment's owner signs in. */
const CLAIMED_MAX = 200;

/**
 * Makes the deployment's owner the owner of workspaces that have none: those that a file made before anybody could sign in. And of those that somebody
 * with the same address owns: the owner's account can be made anew, and then has another subject. A workspace that others own is never touched.
 */
export async function claimOwnerless(request: ApiRequest, person: Person): Promise<void> {
  if (!ownsDeployment(request, person.email)) return;
  // An account that somebody's link made before the address was the owner's opens nothing.
  if (!(await hasProvedAddress(request, person))) return;
  const step = inNameOf(request, person);
  const { control, deps, now } = step;
  let room = WORKSPACES_PER_PERSON_MAX - (await deps.people.listMemberships(person.id)).length;
  const at = now().toISOString();
  const workspaces = (await control.listWorkspaces())
    .filter(({ deletion }) => deletion === undefined || deletion.dueAt > at)
    .slice(0, CLAIMED_MAX);
  for (const { id } of workspaces) {
    if (room > 0 && (await claim(step, id, person))) room -= 1;
  }
}

async function claim(step: Step, workspaceId: WorkspaceId, person: Person): Promise<boolean> {
  const { control, deps, now } = step;
  const mayClaim = async () => {
    const [members, groups] = await Promise.all([control.listMembers(workspaceId), control.listGroups(workspaceId)]);
    const owners = ownersAmong(members, groups);
    if (members.length >= MEMBERS_MAX || owners.some(({ personId }) => personId === person.id)) return false;
    return owners.length === 0 || owners.some(({ email }) => email === person.email);
  };
  if (!(await mayClaim())) return false;
  return await changeIn(step, workspaceId, async () => {
    if (!(await mayClaim())) return { changes: [], value: false };
    const at = now().toISOString();
    const member = await deps.people.getMember(workspaceId, person.id);
    const thing = Member.parse({
      ...(member ?? { version: 0, createdAt: at }),
      personId: person.id,
      workspaceId,
      email: person.email,
      name: person.name,
      permissions: mergedPermissions(member?.permissions ?? [], [ownerOf(workspaceId)]),
      updatedAt: at,
    });
    return { changes: [{ kind: 'member', verb: 'save', thing }], value: true };
  });
}

function inNameOf({ deps, author, now, newId }: ApiRequest, { id, name, email }: Person): Step {
  return { deps, control: deps.control({ ...author, actor: { type: 'user', id, name, email } }), now, newId };
}
