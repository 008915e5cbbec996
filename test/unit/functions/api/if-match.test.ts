import { openApiOf } from '../../../../shared/api/openapi.ts';
import { operationsOf } from '../../../builders/api-fuzz/fuzz-requests.ts';
import { fuzzWorld } from '../../../builders/api-fuzz/fuzz-world.ts';
import { goodInputs } from '../../../builders/api-fuzz/good-inputs.ts';
import { everywhere, peopledWorld } from '../../../builders/api-people.ts';

const promising = operationsOf(openApiOf()).filter(({ operation }) =>
  operation.parameters?.some(({ $ref }) => $ref === '#/components/parameters/IfMatch'),
);

test('whatever changes one thing that works promises to heed If-Match', () => {
  expect(promising.map(({ id }) => id).toSorted()).toEqual([
    'replaceLabelsInSource',
    'replacePermissionsForUser',
    'replacePermissionsForUserGroup',
    'replaceSourceHook',
    'replaceUsersInUserGroup',
    'updateAlert',
    'updateAppDestination',
    'updateAppGroup',
    'updateAppSource',
    'updateDestination',
    'updateFilterForDestination',
    'updateMember',
    'updateMyPreferences',
    'updateSchemaSettingsInSource',
    'updateSource',
    'updateSubscriptionForDestination',
    'updateTrackingPlan',
    'updateTransformation',
    'updateUserGroup',
    'updateWorkspace',
  ]);
});

test.each(promising.map((one) => [one.id, one] as const))(
  '%s of another version than was read is refused and changes nothing; of this one it is made, and tells the next',
  async (id, { method, path, operation }) => {
    const world = await fuzzWorld();
    const good = goodInputs(world.ids)[id];
    const pools: Record<string, readonly unknown[]> = world.pools;
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      String(good?.path?.[name] ?? pools[`path.${name}`]?.[0] ?? pools[name]?.[0]),
    );
    const bearer = world.bearerFor(id, operation['x-right']);
    const ask = (ifMatch: string) =>
      world.call(method, filled, { bearer, body: good?.body, headers: { 'if-match': ifMatch } });
    const state = () => JSON.stringify([...world.documents.items].filter(([key]) => !key.includes('\nUSE#')));
    const before = state();
    const refused = await ask('"999999"');
    expect(refused).toMatchObject({ status: 409, headers: { ETag: expect.any(String) } });
    expect(state()).toBe(before);
    const made = await ask(refused.headers['ETag'] ?? '');
    expect(made).toMatchObject({ status: 200, headers: { ETag: expect.any(String) } });
  },
);

test('the ETag of what was read is that of the change: of people, groups, the workspace and what the app remembers', async () => {
  const world = await peopledWorld();
  const { bearer } = world.owner;
  const ada = await world.person('ada@shop.test', []);
  const made = await world.call('POST', '/groups', { body: { name: 'Team' } });
  const { id } = (made.data as { userGroup: { id: string } }).userGroup;
  const permissions = { permissions: [everywhere('source-admin')] };
  for (const [read, method, changed, body] of [
    [`/users/${ada.id}`, 'PUT', `/users/${ada.id}/permissions`, permissions],
    [`/users/${ada.id}`, 'PATCH', `/app-api/members/${ada.id}`, { piiAccess: true }],
    [`/groups/${id}`, 'PATCH', `/groups/${id}`, { name: 'The Team' }],
    [`/groups/${id}`, 'PATCH', `/app-api/groups/${id}`, { piiAccess: true }],
    ['/app-api/workspace', 'PATCH', '/app-api/workspace', { name: 'Renamed' }],
    ['/app-api/me', 'PATCH', '/app-api/me/preferences', { preferences: { theme: 'dark' } }],
  ] as const) {
    const etag = async () => (await world.call('GET', read, { bearer })).headers['ETag'] ?? '';
    const seen = { 'if-match': await etag() };
    const first = await world.call(method, changed, { bearer, body, headers: seen });
    expect([changed, first.status, first.headers['ETag']]).toEqual([changed, 200, await etag()]);
    expect(await etag()).not.toBe(seen['if-match']);
    await expect(world.call(method, changed, { bearer, body, headers: seen })).resolves.toMatchObject({ status: 409 });
  }
});
