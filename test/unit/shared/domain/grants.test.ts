import fc from 'fast-check';
import {
  can,
  findRole,
  type LabelRef,
  type Permission,
  ROLES,
  SOURCE_RIGHTS,
  type Target,
  RIGHTS,
} from '../../../../shared/domain/access.ts';
import { beyond, flattenRights, misfitOf } from '../../../../shared/domain/grants.ts';
import { SourceId } from '../../../../shared/domain/ids.ts';

const label = fc.record({ key: fc.constantFrom('environment', 'team'), value: fc.constantFrom('dev', 'prod') });
const labels: fc.Arbitrary<LabelRef[]> = fc.uniqueArray(label, { selector: ({ key }) => key, maxLength: 2 });
const resource = fc.oneof(
  fc.record({ id: fc.constant('ws_1'), type: fc.constant('WORKSPACE' as const), labels }),
  fc.record({ id: fc.constantFrom('src_1', 'src_2'), type: fc.constant('SOURCE' as const), labels }),
);
const permission: fc.Arbitrary<Permission> = fc.record({
  roleId: fc.constantFrom(...ROLES.map(({ id }) => id)),
  resources: fc.array(resource, { minLength: 1, maxLength: 2 }),
});
const permissions = fc.array(permission, { maxLength: 3 });
const source = fc.record({ id: fc.constantFrom('src_1', 'src_2', 'src_3').map((id) => SourceId.parse(id)), labels });
const target: fc.Arbitrary<Target> = fc.oneof(
  fc.constant({ kind: 'workspace' as const }),
  source.map((one) => ({ kind: 'source' as const, ...one })),
);

test('what is not beyond the giver lets nobody do what the giver may not do (T6)', () => {
  let granted = 0;
  fc.assert(
    fc.property(permissions, permission, target, fc.constantFrom(...RIGHTS), (held, given, there, right) => {
      if (beyond(held, [given]) !== undefined) return;
      granted += 1;
      if (can([given], right, there)) expect(can(held, right, there)).toBe(true);
    }),
    { numRuns: 6_000, seed: 5 },
  );
  expect(granted).toBeGreaterThan(300);
});

test('everybody may give all that they have themselves', () => {
  fc.assert(fc.property(permissions, (held) => beyond(held, held) === undefined));
});

/** Read as the app reads it: by the list alone. */
function allows(rights: ReturnType<typeof flattenRights>, right: string, there: Target): boolean {
  const where = rights.find((one) => one.right === right)?.where;
  if (where === undefined) return false;
  if (where === 'everywhere') return true;
  if (there.kind === 'workspace') return false;
  return where.some(
    ({ sourceId, labels: wanted = [] }) =>
      (sourceId === undefined || sourceId === there.id) &&
      wanted.every(({ key, value }) => there.labels.some((one) => one.key === key && one.value === value)),
  );
}

test('rights as the app gets them say the same as the policy, for each right and source', () => {
  fc.assert(
    fc.property(permissions, target, (held, there) => {
      const rights = flattenRights(held);
      for (const right of RIGHTS) {
        // Rights of the workspace as a whole are asked for the workspace alone.
        if (there.kind === 'source' && !SOURCE_RIGHTS.some((one) => one === right)) continue;
        expect([right, allows(rights, right, there)]).toEqual([right, can(held, right, there)]);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['source-admin', 'SOURCE', true],
  ['source-editor', 'SOURCE', true],
  ['source-read-only', 'SOURCE', true],
  ['workspace-owner', 'SOURCE', false],
  ['workspace-member', 'SOURCE', false],
  ['tracking-plan-admin', 'SOURCE', false],
  ['function-admin', 'FUNCTION', true],
  ['source-admin', 'FUNCTION', false],
  ['warehouse-destination-admin', 'WAREHOUSE', true],
  ['unify-and-engage-admin', 'SPACE', true],
  ['source-admin', 'SPACE', false],
] as const)('%s for a %s: %s', (roleId, type, isFit) => {
  const one = { id: 'x', type };
  expect(misfitOf({ roleId, resources: [one] }, one) === undefined).toBe(isFit);
});

test('labels limit roles of sources and spaces alone (M10)', () => {
  const one = { id: 'ws_1', type: 'WORKSPACE' as const, labels: [{ key: 'environment', value: 'dev' }] };
  const fit = ROLES.filter(({ id }) => misfitOf({ roleId: id, resources: [one] }, one) === undefined);
  const limited = (rights: readonly string[]) => rights.some((right) => /^(?:source|space)\./.test(right));
  expect(fit.map(({ id }) => id)).toEqual(
    ROLES.filter(({ rights }) => rights !== 'all' && limited(rights)).map(({ id }) => id),
  );
  expect(findRole('workspace-owner')?.rights).toBe('all');
});
