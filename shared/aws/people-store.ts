import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AccountOrigin, Invite, Member, Person } from '../domain/people.ts';
import type { Documents, TransactItem } from '../ports/documents.ts';
import type { Saved } from '../ports/control-store.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import { type ControlKey, getItem, queryItems } from './control-items.ts';
import { controlKeys } from './control-keys.ts';
import { parseItem } from './read-items.ts';
import { transact } from './transact.ts';

const Use = z.object({ day: z.string() });

/** People in the control table. A person is two items, written together: by id, and by issuer and subject of the tokens. */
export function peopleStore(documents: Documents, tableName: string): PeopleStore {
  const get = <T>(key: ControlKey, schema: z.ZodType<T>): Promise<T | undefined> =>
    getItem(documents, tableName, key, schema);
  const list = async <T>(range: { pk: string; prefix?: string }, schema: z.ZodType<T>): Promise<T[]> =>
    (await queryItems(documents, tableName, range)).map((item) => parseItem(item, schema));
  /** The same under each key, if it is there in the version before; a new one if it is not there. */
  const save = async <T extends { version: number }>(
    keys: readonly [ControlKey, ...ControlKey[]],
    value: T,
    writeId: string,
  ): Promise<Saved<T>> => {
    const items = keys.map(
      (key): TransactItem => ({
        Put: {
          TableName: tableName,
          Item: { ...key, version: value.version, writeId, data: JSON.stringify(value) },
          ...(value.version === 1
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': value.version - 1 } }),
        },
      }),
    );
    if ((await transact(documents, items)).saved) return { outcome: 'saved', value };
    const item = await documents.get(tableName, keys[0]);
    return item?.['writeId'] === writeId ? { outcome: 'saved', value } : { outcome: 'stale' };
  };

  return {
    findBySubject: (issuer, subject) => get(controlKeys.subject(subjectHash(issuer, subject)), Person),
    getPerson: (id) => get(controlKeys.person(id), Person),
    savePerson: async (person, writeId) => {
      const value = { ...person, version: person.version + 1 };
      const { id, issuer, subject } = person;
      const keys = [controlKeys.person(id), controlKeys.subject(subjectHash(issuer, subject))] as const;
      return await save(keys, value, writeId);
    },
    listMemberships: (id) => list(controlKeys.memberships(id), Member),
    getMember: (workspaceId, id) => get(controlKeys.member(workspaceId, id), Member),
    findInvite: (sha256) => get(controlKeys.inviteLink(sha256), Invite),
    listInvitesTo: (email) => list(controlKeys.invitesTo(email), Invite),
    getAccountOrigin: (email) => get(controlKeys.accountOrigin(email), AccountOrigin),
    saveAccountOrigin: async (origin, writeId) =>
      await save([controlKeys.accountOrigin(origin.email)], { ...origin, version: origin.version + 1 }, writeId),
    removeAccountOrigin: async ({ email, version }) => {
      const condition = { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': version } };
      await transact(documents, [
        { Delete: { TableName: tableName, Key: controlKeys.accountOrigin(email), ...condition } },
      ]);
    },
    lastUsed: async (workspaceId, tokenIds) => {
      const days = await Promise.all(
        tokenIds.map(async (id) => [id, (await get(controlKeys.tokenUse(workspaceId, id), Use))?.day] as const),
      );
      return new Map(days.flatMap(([id, day]) => (day === undefined ? [] : [[id, day]])));
    },
    noteUse: async (workspaceId, tokenId, day) => {
      const Item = { ...controlKeys.tokenUse(workspaceId, tokenId), data: JSON.stringify({ day }) };
      await transact(documents, [{ Put: { TableName: tableName, Item } }]);
    },
  };
}

const subjectHash = (issuer: string, subject: string): string =>
  createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex');
