import type { Permission } from '../../../../shared/domain/access.ts';
import { Group } from '../../../../shared/domain/people.ts';
import { everywhere, OWNER, peopledWorld } from '../../../builders/api-people.ts';

const label = { key: 'environment', value: 'dev' };
/** Some 80 bytes a resource. */
const onMany = (roleId: string, resources: number): Permission => ({
  roleId,
  resources: Array.from({ length: resources }, () => ({ id: 'ws_1', type: 'WORKSPACE', labels: [label] })),
});
const fault = (field: string) => ({ status: 422, errors: [{ type: 'input-validation', field }] });

test('permissions that no item could hold are refused with the reason, wherever they are given', async () => {
  const { call, person, state } = await peopledWorld();
  const ada = await person('ada@shop.test', []);
  const { data } = await call('POST', '/groups', { body: { name: 'Team' } });
  const { id } = (data as { userGroup: { id: string } }).userGroup;
  const permissions = Array.from({ length: 50 }, () => onMany('source-read-only', 200));
  const before = state();
  const asked = {
    token: await call('POST', '/app-api/tokens', { body: { name: 'Large', permissions } }),
    invite: await call('POST', '/app-api/invites', { body: { email: 'bea@shop.test', permissions } }),
    user: await call('PUT', `/users/${ada.id}/permissions`, { body: { permissions } }),
    group: await call('PUT', `/groups/${id}/permissions`, { body: { permissions } }),
  };
  for (const answer of Object.values(asked)) expect(answer).toMatchObject(fault('permissions'));
  expect(asked.token.errors[0]?.message).toContain('60000 bytes');
  expect(state()).toBe(before);
});

test('permissions that are added one by one come to the same end', async () => {
  const { call, person } = await peopledWorld();
  const ada = await person('ada@shop.test', []);
  const add = (resources: number) =>
    call('POST', `/users/${ada.id}/permissions`, {
      body: { permissions: [1, 2, 3].map((less) => onMany('source-read-only', resources - less)) },
    });
  await expect(add(140)).resolves.toMatchObject({ status: 200 });
  await expect(add(190)).resolves.toMatchObject(fault('permissions'));
});

test('addresses of a group are bounded in bytes', async () => {
  const { call, commit, newId } = await peopledWorld();
  const email = (number: number) => `${String(number).padStart(3, '0')}@${'ö'.repeat(250)}.test`;
  const emails = Array.from({ length: 500 }, (_, number) => email(number));
  const thing = largeGroup(newId('grp'), emails.slice(0, 480));
  await commit(thing.workspaceId, [{ kind: 'group', verb: 'save', thing }]);
  await call('POST', '/invites', { body: { invites: emails.slice(480, 495).map((one) => ({ email: one })) } });
  const added = await call('POST', `/groups/${thing.id}/users`, { body: { emails: emails.slice(480, 495) } });
  expect(added).toMatchObject(fault('emails'));
  expect(added.errors[0]?.message).toContain('250000 bytes');
});

test('invites whose permissions no transaction could hold together are refused', async () => {
  const { call, documents } = await peopledWorld();
  const permissions = [0, 1, 2].map((less) => ({
    roleId: 'source-read-only',
    resources: Array.from({ length: 200 - less }, () => ({ id: 'ws_1', type: 'WORKSPACE' })),
    labels: [label],
  }));
  const invites = Array.from({ length: 15 }, (_, number) => ({ email: `p${number}@shop.test`, permissions }));
  const answer = await call('POST', '/invites', { body: { invites } });
  expect(answer).toMatchObject(fault('invites'));
  expect([...documents.items.keys()].filter((key) => key.includes('INVITE'))).toEqual([]);
  await expect(call('POST', '/invites', { body: { invites: invites.slice(0, 10) } })).resolves.toMatchObject({
    status: 201,
  });
});

describe('somebody in many large groups', () => {
  const GROUPS = 20;
  const others = Array.from({ length: 999 }, (_, number) => `${'x'.repeat(60)}${number}@${'y'.repeat(120)}.test`);
  const setUp = async () => {
    const world = await peopledWorld();
    const ada = await world.person('ada@shop.test', [everywhere('source-admin')]);
    for (let number = 0; number < GROUPS; number += 1) {
      const thing = largeGroup(`grp_${number}`, ['ada@shop.test', ...others]);
      await world.commit(thing.workspaceId, [{ kind: 'group', verb: 'save', thing }]);
    }
    const emailsOf = async () => (await world.control.listGroups(OWN)).map(({ emails }) => emails);
    return { ...world, ada, emailsOf };
  };

  test('signs in with a new address, and has it in all of them', async () => {
    const { call, deps, ada, emailsOf } = await setUp();
    const { verifyId } = deps.personTokens;
    deps.personTokens.verifyId = async (token, access) => {
      const found = await verifyId(token, access);
      return found && { ...found, email: 'ada.b@shop.test' };
    };
    const signedIn = await call('POST', '/app-api/sign-in', { bearer: ada.bearer, body: { idToken: ada.idToken } });
    expect(signedIn).toMatchObject({ status: 200, data: { user: { email: 'ada.b@shop.test' } } });
    expect((await emailsOf()).map((emails) => emails[0])).toEqual(
      Array.from({ length: GROUPS }, () => 'ada.b@shop.test'),
    );
  });

  test('is removed, and is in none of them afterwards', async () => {
    const { call, ada, emailsOf } = await setUp();
    await expect(call('DELETE', '/users', { query: `userIds[0]=${ada.id}` })).resolves.toMatchObject({ status: 200 });
    const left = await emailsOf();
    expect(left).toHaveLength(GROUPS);
    for (const emails of left) expect(emails).toEqual(others);
  });
});

const OWN = Group.shape.workspaceId.parse('ws_1');
const largeGroup = (id: string, emails: readonly string[]): Group =>
  Group.parse({
    id,
    workspaceId: OWN,
    name: `Group ${id}`,
    emails,
    permissions: [OWNER],
    version: 0,
    createdAt: '2026-11-24T10:00:00.000Z',
    updatedAt: '2026-11-24T10:00:00.000Z',
  });
