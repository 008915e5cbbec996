import { randomBytes } from 'node:crypto';
import type { WorkspaceId } from '../../../shared/domain/ids.ts';
import { AccountOrigin, type Person } from '../../../shared/domain/people.ts';
import type { Accounts } from '../../../shared/ports/accounts.ts';
import type { PersonToken } from '../../../shared/ports/person-tokens.ts';
import { ApiFault, CHANGED_MEANWHILE, conflict, invalid } from '../http/api-fault.ts';
import { isOver, signInEnded } from '../http/callers.ts';
import type { ApiRequest } from '../http/request.ts';
import { signedInWith } from './person-of.ts';

/** Two that say something of one account at the same moment meet at its entry. */
const SAVE_TRIES_MAX = 4;

type Step = Pick<ApiRequest, 'deps' | 'now' | 'newId'>;

/**
 * Makes the account of an invited address, and says first whose link it was: an account that a link made without a word of it would count everywhere.
 * One that is there already stays as it is.
 */
export async function makeInvitedAccount(
  request: Step,
  workspaceId: WorkspaceId,
  account: { email: string; name: string; password: string },
): Promise<void> {
  const { deps } = request;
  const accounts = await deps.accounts();
  const origin = await sayWhoseLink(request, accounts, workspaceId, account.email);
  if (origin === undefined) return;
  const made = await accounts.ensureAccount(account);
  if (made.outcome === 'password-refused') {
    await deps.people.removeAccountOrigin(origin);
    throw invalid({ field: 'password', message: made.why });
  }
  // Whoever made it meanwhile says its subject, where it was a link. Where it was an administrator, the owner vouches for it.
  if (made.outcome === 'there') return;
  const subject = (await accounts.find(account.email))?.subject;
  if (subject === undefined) return;
  await changeOrigin(request, account.email, (known) => known && { ...known, subject });
}

/** Answers `undefined` where there is an account already. */
async function sayWhoseLink(
  step: Step,
  accounts: Accounts,
  workspaceId: WorkspaceId,
  email: string,
): Promise<AccountOrigin | undefined> {
  return await changeOrigin(step, email, async (known) => {
    // In this order: who makes the account after it was looked for has said so in between, and this is decided anew.
    if ((await accounts.find(email)) !== undefined) return undefined;
    const at = step.now().toISOString();
    // With a subject it is of an account that is gone; without one somebody may be at it, or ended half-way.
    const isAtIt = known !== undefined && known.subject === undefined && known.vouched === undefined;
    const workspaceIds = [...new Set([...(isAtIt ? known.workspaceIds : []), workspaceId])].slice(0, 2);
    const { version, createdAt } = known ?? { version: 0, createdAt: at };
    return AccountOrigin.parse({ email, workspaceIds, version, createdAt, updatedAt: at });
  });
}

/** Saves what is decided on the entry as it is, or nothing; answers what was saved. */
async function changeOrigin(
  { deps, newId }: Step,
  email: string,
  decide: (known: AccountOrigin | undefined) => Promise<AccountOrigin | undefined> | AccountOrigin | undefined,
): Promise<AccountOrigin | undefined> {
  for (let tries = 0; tries < SAVE_TRIES_MAX; tries += 1) {
    const decided = await decide(await deps.people.getAccountOrigin(email));
    if (decided === undefined) return undefined;
    const saved = await deps.people.saveAccountOrigin(decided, newId('write'));
    if (saved.outcome === 'saved') return saved.value;
  }
  throw conflict(CHANGED_MEANWHILE);
}

/** What is known of the account that somebody signed in with, where a link made it. Single sign-on under the same address is another account. */
async function originOf(
  { deps }: Pick<ApiRequest, 'deps'>,
  { email, subject }: Pick<Person, 'email' | 'subject'>,
): Promise<AccountOrigin | undefined> {
  const origin = await deps.people.getAccountOrigin(email);
  return origin?.subject === undefined || origin.subject === subject ? origin : undefined;
}

/** Whether the person is whom their address says, as far as it concerns a workspace: all of them where none is named. */
export async function hasProvedAddress(
  request: Pick<ApiRequest, 'deps'>,
  person: Pick<Person, 'email' | 'subject'>,
  workspaceId?: WorkspaceId,
): Promise<boolean> {
  const origin = await originOf(request, person);
  return (
    origin === undefined || origin.vouched !== undefined || origin.workspaceIds.every((known) => known === workspaceId)
  );
}

/** Since when sign-ins count. Throws ApiFault 401 where this one is older. */
export async function requireSignInSince(
  request: Pick<ApiRequest, 'deps'>,
  access: PersonToken,
  person: Pick<Person, 'email' | 'subject'>,
): Promise<string | undefined> {
  const at = (await originOf(request, person))?.vouched?.at;
  if (isOver(access, at)) throw signInEnded();
  return at;
}

/**
 * Takes the deployment's owner's word that an address is whose it says: from then on what somebody signed in with before is nothing, the password is
 * another one, and the account counts in every workspace. Throws ApiFault 404 without an account, 409 for one that no link made.
 */
export async function vouchFor(
  request: ApiRequest,
  by: Person,
  email: string,
  given: string | undefined,
): Promise<void> {
  const { deps, now } = request;
  const accounts = await deps.accounts();
  const account = await accounts.find(email);
  if (account === undefined) throw noAccount();
  if ((await originOf(request, { email, subject: account.subject })) === undefined) {
    throw conflict('No invite made this account: there is nothing to vouch for.');
  }
  // The password first, then what was signed in with it, and then the moment: nobody signs in by the old one after it.
  const set = await accounts.setPassword(email, given ?? randomBytes(RANDOM_PASSWORD_BYTES).toString('base64url'));
  if (set.outcome === 'password-refused') throw invalid({ field: 'password', message: set.why });
  if (set.outcome === 'no-such-account') throw noAccount();
  await accounts.signOutEverywhere(email);
  const at = now().toISOString();
  const { subject } = account;
  await changeOrigin(
    request,
    email,
    (known) => known && { ...known, subject, vouched: { at, by: by.id }, updatedAt: at },
  );
  // The entry first: who signs in for the first time in between reads it there.
  const { issuer } = signedInWith(request).access;
  await endSignIns(request, { issuer, subject }, at);
}

/** Nobody is to know it. */
const RANDOM_PASSWORD_BYTES = 32;

/** Saves with the person, whom every request reads, since when sign-ins count. */
export async function endSignIns(
  { deps, now, newId }: Step,
  { issuer, subject }: Pick<Person, 'issuer' | 'subject'>,
  notBefore: string,
): Promise<void> {
  for (let tries = 0; tries < SAVE_TRIES_MAX; tries += 1) {
    const person = await deps.people.findBySubject(issuer, subject);
    if (person === undefined || (person.notBefore ?? '') >= notBefore) return;
    const next = { ...person, notBefore, updatedAt: now().toISOString() };
    if ((await deps.people.savePerson(next, newId('write'))).outcome === 'saved') return;
  }
  throw conflict(CHANGED_MEANWHILE);
}

export const addressNotProved = (): ApiFault =>
  new ApiFault(403, [
    {
      type: 'address-not-proved',
      message:
        "The link of another workspace's invite made your account, so that nobody knows yet that the address is yours. Ask the owner of this deployment to vouch for your address, then sign in anew and open this link again.",
    },
  ]);

const noAccount = (): ApiFault =>
  new ApiFault(404, [{ type: 'not-found', message: 'There is no account with this address.' }]);
