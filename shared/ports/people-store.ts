import type { PersonId, WorkspaceId } from '../domain/ids.ts';
import type { AccountOrigin, Invite, Member, Person } from '../domain/people.ts';
import type { Saved } from './control-store.ts';

/** People over all workspaces. What they may do in a workspace is configuration: see ControlStore. */
export type PeopleStore = {
  /** By issuer and subject of their tokens. */
  findBySubject(issuer: string, subject: string): Promise<Person | undefined>;
  getPerson(id: PersonId): Promise<Person | undefined>;
  /** Saves the person and the way from issuer and subject to them. */
  savePerson(person: Person, writeId: string): Promise<Saved<Person>>;
  /** Where the person belongs, read strongly. */
  listMemberships(id: PersonId): Promise<Member[]>;
  getMember(workspaceId: WorkspaceId, id: PersonId): Promise<Member | undefined>;
  /** By SHA-256 of the link's text. */
  findInvite(sha256: string): Promise<Invite | undefined>;
  listInvitesTo(email: string): Promise<Invite[]>;
  /** Of the account with this address, where the link of an invite made it. */
  getAccountOrigin(email: string): Promise<AccountOrigin | undefined>;
  saveAccountOrigin(origin: AccountOrigin, writeId: string): Promise<Saved<AccountOrigin>>;
  /** Unless it was saved again meanwhile. */
  removeAccountOrigin(origin: AccountOrigin): Promise<void>;
  /** Day of a token's last use, as far as it was noted; at most one write a day and environment. */
  lastUsed(workspaceId: WorkspaceId, tokenIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  noteUse(workspaceId: WorkspaceId, tokenId: string, day: string): Promise<void>;
};
