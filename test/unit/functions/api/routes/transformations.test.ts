import { MASKED } from '../../../../../shared/domain/audit.ts';
import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const CANARY = 'canary-0123456789abcdef';
const NEW = { name: 'Rename', sourceId: 'src_1', enabled: true, if: 'event = "a"', newEventName: 'b' };
type Transformation = { id: string };

async function setUp() {
  const world = await apiWorld();
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_2', slug: 'two' }) },
  ]);
  const create = (body: object = {}) =>
    world.call('POST', '/transformations', { body: { ...NEW, if: "event = 'a'", ...body } });
  const made = async (body: object = {}) =>
    ((await create(body)).data as { transformation: Transformation }).transformation;
  const patch = (id: string, body: object) => world.call('PATCH', `/transformations/${id}`, { body });
  const stored = () => world.control.listTransformations(WS);
  return { ...world, create, made, patch, stored };
}

test('a transformation is made, read, changed member by member and taken away', async () => {
  const { made, call, patch, stored, deps } = await setUp();
  const thing = await made({ destinationMetadataId: 'tool', propertyRenames: [{ oldName: 'a', newName: 'b' }] });
  expect(thing).toMatchObject({
    name: 'Rename',
    sourceId: 'src_1',
    newEventName: 'b',
    propertyRenames: [{ oldName: 'a' }],
  });
  expect((await call('GET', `/transformations/${thing.id}`)).data).toEqual({ transformation: thing });
  expect((await patch(thing.id, { enabled: false })).data).toEqual({ transformation: { ...thing, enabled: false } });
  expect((await call('DELETE', `/transformations/${thing.id}`)).data).toEqual({ status: 'SUCCESS' });
  expect(await stored()).toEqual([]);
  const { entries } = await deps.auditLog.list(WS, { from: '2', to: '3', limit: 3, newestFirst: true });
  expect(entries.map(({ event }) => event)).toEqual([
    'Transformation Deleted',
    'Transformation Updated',
    'Transformation Created',
  ]);
});

test('the key of a hash is sealed, masked in answers and the trail, and stays where its dots come back', async () => {
  const { made, patch, stored, documents, deps } = await setUp();
  const hashPropertiesConfiguration = { algorithm: 'HMAC-SHA256', key: CANARY, paths: ['properties.email'] };
  const thing = await made({ hashPropertiesConfiguration });
  expect(thing).toMatchObject({ hashPropertiesConfiguration: { key: MASKED } });
  const before = (await stored())[0]?.does['hashPropertiesConfiguration'];
  await patch(thing.id, {
    hashPropertiesConfiguration: { ...hashPropertiesConfiguration, key: MASKED, paths: ['properties.phone'] },
  });
  expect((await stored())[0]?.does['hashPropertiesConfiguration']).toEqual({
    ...(before as object),
    paths: ['properties.phone'],
  });
  expect(documents.texts().filter((text) => text.includes(CANARY))).toEqual([]);
  const { entries } = await deps.auditLog.list(WS, { from: '2', to: '3', limit: 50, newestFirst: true });
  expect(JSON.stringify(entries)).not.toContain('sealed.');
});

test.each([
  ['a condition that cannot be read', { if: 'event =' }, 'if'],
  ['an unknown type of destination', { destinationMetadataId: 'nothing' }, 'destinationMetadataId'],
  [
    'two properties by FQL',
    {
      fqlDefinedProperties: [
        { fql: 'a', propertyName: 'a' },
        { fql: 'b', propertyName: 'b' },
      ],
    },
    'fqlDefinedProperties',
  ],
  [
    'FQL and a rename at once',
    { fqlDefinedProperties: [{ fql: 'a', propertyName: 'a' }], propertyRenames: [{ oldName: 'a', newName: 'b' }] },
    'fqlDefinedProperties',
  ],
  [
    'a property that is renamed and given a value',
    {
      propertyRenames: [{ oldName: 'a', newName: 'b' }],
      propertyValueTransformations: [{ propertyPaths: ['a'], propertyValue: '1' }],
    },
    'propertyValueTransformations.0.propertyPaths',
  ],
  [
    'eleven paths of one value',
    {
      propertyValueTransformations: [
        { propertyPaths: Array.from({ length: 11 }, (_, n) => `p${n}`), propertyValue: '1' },
      ],
    },
    'propertyValueTransformations.0.propertyPaths',
  ],
  [
    'dots for a key that is not there',
    { hashPropertiesConfiguration: { algorithm: 'HMAC', key: MASKED, paths: [] } },
    'hashPropertiesConfiguration.key',
  ],
])('%s is answered 422 at its field, and nothing is saved', async (_case, body, field) => {
  const { create, stored } = await setUp();
  const answer = await create(body);
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, field]);
  expect(await stored()).toEqual([]);
});

test('a transformation is seen and changed by who may so for its source, and moved only to a source of theirs', async () => {
  const { made, call, token } = await setUp();
  const { id } = await made();
  await made({ sourceId: 'src_2' });
  const bearer = await token([{ roleId: 'source-admin', resources: [{ id: 'src_1', type: 'SOURCE' }] }]);
  expect((await call('GET', '/transformations', { bearer })).data).toMatchObject({
    transformations: [{ id }],
    pagination: { totalEntries: 1 },
  });
  const move = await call('PATCH', `/transformations/${id}`, { body: { sourceId: 'src_2' }, bearer });
  expect(move.status).toBe(404);
  expect((await call('PATCH', `/transformations/${id}`, { body: { name: 'Mine' }, bearer })).status).toBe(200);
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    expect(
      (await call(method, '/transformations/trn_other', { body: method === 'PATCH' ? {} : undefined })).status,
    ).toBe(404);
  }
});
