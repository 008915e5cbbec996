import { everywhere, OWNER, peopledWorld } from '../../../../builders/api-people.ts';

/** The audit trail is forwarded to src_1, which has a destination. */
async function setUp() {
  const world = await peopledWorld();
  const body = { auditForwarding: { sourceId: 'src_1' } };
  await world.call('PATCH', '/app-api/workspace', { body });
  const made = await world.call('POST', '/destinations', {
    body: { sourceId: 'src_1', metadataId: 'inbox', settings: {} },
  });
  const { id } = (made.data as { destination: { id: string } }).destination;
  return { ...world, id, admin: await world.token([everywhere('source-admin')]) };
}

test('who administers sources neither stops the audit trail that a source gets, nor sends it elsewhere; owners do, and other sources are as ever', async () => {
  const { call, id, admin, state, token } = await setUp();
  const before = state();
  const asks = [
    ['PATCH', '/sources/src_1', { enabled: false }],
    ['POST', '/destinations', { sourceId: 'src_1', metadataId: 'inbox', settings: {} }],
    ['PATCH', `/destinations/${id}`, { enabled: true }],
    ['DELETE', '/sources/src_1', undefined],
  ] as const;
  for (const [method, path, body] of asks) {
    const refused = await call(method, path, { bearer: admin, body });
    expect([method, path, refused.status]).toEqual([method, path, 409]);
    expect(refused.errors[0]?.message).toContain('audit trail of the workspace is forwarded to this source');
  }
  expect(state()).toBe(before);
  const other = { bearer: admin, body: { sourceId: 'src_2', metadataId: 'inbox', settings: {} } };
  await expect(call('POST', '/destinations', other)).resolves.toMatchObject({ status: 200 });
  await expect(call('PATCH', '/sources/src_1', { bearer: admin, body: { name: 'Trail' } })).resolves.toMatchObject({
    status: 200,
  });
  const bearer = await token([OWNER]);
  for (const [method, path, body] of asks) {
    expect([path, (await call(method, path, { bearer, body })).status < 300]).toEqual([path, true]);
  }
});
