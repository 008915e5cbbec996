import type { Operation } from '../../../../shared/api/operation.ts';
import { OPERATIONS } from '../../../../shared/api/operations.ts';
import { type Permission, ROLES } from '../../../../shared/domain/access.ts';
import { Transformation } from '../../../../shared/domain/governance.ts';
import { type Answered, type Asked } from '../../../builders/api-world.ts';
import { byLabel, everywhere, onSource, peopledWorld } from '../../../builders/api-people.ts';
import { type Reach, ROLE_IDS, rowOf, type Verdict, verdictOf } from '../../../builders/expected-verdicts.ts';
import { aDestination } from '../../../builders/workspace-things.ts';

const operations = Object.entries(OPERATIONS);

/** Where a role is given, and which workspace the request is about. The source that it names is src_1, of ws_1 with environment:dev. */
const SITUATIONS: readonly (readonly [
  string,
  Reach,
  (role: string) => Permission,
  'ws_1' | 'ws_2',
  'ws_1' | 'ws_2',
])[] = [
  ['for the workspace', 'whole', (role) => everywhere(role), 'ws_1', 'ws_1'],
  ['for the source', 'covers the source', (role) => onSource(role, 'src_1'), 'ws_1', 'ws_1'],
  ['for another source', 'misses the source', (role) => onSource(role, 'src_2'), 'ws_1', 'ws_1'],
  ['for its label', 'covers the source', (role) => byLabel(role, 'dev'), 'ws_1', 'ws_1'],
  ['for another label', 'misses the source', (role) => byLabel(role, 'prod'), 'ws_1', 'ws_1'],
  ['in another workspace', 'none', (role) => everywhere(role, 'ws_2'), 'ws_2', 'ws_1'],
  [
    'in another workspace, about which it is asked',
    'whole, but the source is foreign',
    (role) => everywhere(role, 'ws_2'),
    'ws_2',
    'ws_2',
  ],
];

async function setUp() {
  const world = await peopledWorld();
  const stored = { version: 0, createdAt: '2026-11-24T10:00:00.000Z', updatedAt: '2026-11-24T10:00:00.000Z' };
  const transformation = Transformation.parse({
    id: 'trn_1',
    workspaceId: 'ws_1',
    name: 'T',
    sourceId: 'src_1',
    enabled: false,
    if: 'type = "track"',
    does: { drop: true },
    ...stored,
  });
  await world.commit(aDestination().workspaceId, [
    { kind: 'destination', verb: 'save', thing: aDestination() },
    { kind: 'transformation', verb: 'save', thing: transformation },
  ]);
  return world;
}

const IDS: Readonly<Record<string, string>> = { sourceId: 'src_1', destinationId: 'dst_1', transformationId: 'trn_1' };

/** A request that names src_1 and its things wherever it can, and is wrong in a way that is looked at last: nothing is ever done. */
const requestOf = ({ method, path }: Operation): readonly [string, string, Asked] => [
  method,
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => IDS[name] ?? 'x_1'),
  { query: `sourceId=src_1&destinationId=dst_1&thereIsNoSuchField=1`, body: { ...IDS, thereIsNoSuchField: 1 } },
];

const verdictIn = ({ status, errors }: Answered): Verdict => {
  if (status === 404) return 'hidden';
  const isRefused = status === 403 || (status === 401 && errors[0]?.type === 'insufficient-permission');
  return isRefused ? 'refused' : 'allowed';
};

test('each operation says who may do it, in a table that knows nothing of the policy', () => {
  expect(operations.filter(([id, operation]) => rowOf(id, operation) === undefined).map(([id]) => id)).toEqual([]);
  expect(ROLES.map(({ id }) => id)).toEqual([...ROLE_IDS]);
});

let asserts = 0;
test.each(ROLE_IDS)(
  '%s: every operation, wherever the role is given, is allowed, refused or not found as the table says (T6 to T8)',
  async (role) => {
    const world = await setUp();
    const wrong: string[] = [];
    for (const [number, [situation, reach, permissionOf, of, about]] of SITUATIONS.entries()) {
      const { bearer } = await world.person(`p${number}@matrix.test`, [permissionOf(role)], of);
      const before = world.state();
      for (const [id, operation] of operations) {
        const expected = rowOf(id, operation);
        const [method, path, asked] = requestOf(operation);
        const headers = { 'x-tributary-workspace': about };
        const answer = await world.call(method, path, { ...asked, bearer, headers, ip: `192.0.2.${number}` });
        asserts += 1;
        const found = verdictIn(answer);
        const wanted = expected && verdictOf(expected, role, reach, operation.effect === 'later');
        if (found !== wanted) wrong.push(`${id} ${situation}: ${found} (${answer.status}), not ${wanted ?? 'known'}`);
        if (answer.status === 401 && found === 'allowed') wrong.push(`${id} ${situation}: nobody is signed in`);
        if (answer.status >= 500 && answer.status !== 501) wrong.push(`${id} ${situation}: ${answer.status}`);
      }
      expect(world.state()).toBe(before);
    }
    expect(wrong).toEqual([]);
  },
);

test('the matrix has made at least 5,000 asserts', () => {
  expect(asserts).toBe(ROLE_IDS.length * SITUATIONS.length * operations.length);
  expect(asserts).toBeGreaterThan(5_000);
});

test('without a bearer nothing but public operations is looked at', async () => {
  const { call } = await setUp();
  const open: string[] = [];
  for (const [index, [id, operation]] of operations.entries()) {
    const [method, path, asked] = requestOf(operation);
    const { status } = await call(method, path, { ...asked, bearer: null, ip: `198.51.100.${index % 250}` });
    if (status !== 401) open.push(id);
  }
  const anybody = operations.filter(([id, operation]) => rowOf(id, operation)?.who === 'anybody').map(([id]) => id);
  expect(open).toEqual(anybody);
});

test('an API token is nobody: what is of people refuses the most powerful one', async () => {
  const { call } = await setUp();
  const bodies: Readonly<Record<string, unknown>> = {
    updateMyPreferences: { preferences: {} },
    signIn: { idToken: 'id.x' },
    createWorkspace: { name: 'New', slug: 'new' },
    acceptInvite: { token: 'inv_x' },
    vouchForAddress: { email: 'ada@shop.test' },
  };
  const ofPeople = operations.filter(([id, operation]) => rowOf(id, operation)?.who === 'people');
  expect(ofPeople.length).toBeGreaterThan(5);
  for (const [id, { method, path }] of ofPeople) {
    const { status, errors } = await call(method, path, { body: bodies[id] });
    expect([id, status, errors[0]?.type]).toEqual([id, 403, 'person-required']);
  }
});
