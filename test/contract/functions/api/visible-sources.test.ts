import fc from 'fast-check';
import type { LabelRef, Permission } from '../../../../shared/domain/access.ts';
import type { SourceId } from '../../../../shared/domain/ids.ts';
import { apiWorld } from '../../../builders/api-world.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const KEYS = ['environment', 'team', 'region'] as const;
const VALUES = ['dev', 'prod', 'eu'] as const;
const IDS = ['src_a', 'src_b', 'src_c', 'src_d', 'src_e'] as const;
const READERS = ['workspace-owner', 'source-admin', 'source-editor', 'source-read-only'];
const EDITORS = ['workspace-owner', 'source-admin', 'source-editor'];
const ROLE_IDS = [...READERS, 'workspace-member', 'tracking-plan-admin', 'function-admin'];

const labels = (maxLength: number): fc.Arbitrary<LabelRef[]> =>
  fc.uniqueArray(fc.record({ key: fc.constantFrom(...KEYS), value: fc.constantFrom(...VALUES) }), {
    selector: ({ key }) => key,
    maxLength,
  });
const permission: fc.Arbitrary<Permission> = fc.record({
  roleId: fc.constantFrom(...ROLE_IDS),
  resources: fc.array(
    fc.oneof(
      fc.record({ id: fc.constant('ws_1'), type: fc.constant('WORKSPACE' as const), labels: labels(2) }),
      fc.record({ id: fc.constantFrom(...IDS), type: fc.constant('SOURCE' as const) }),
      fc.record({ id: fc.constantFrom(...IDS), type: fc.constant('SOURCE' as const), labels: labels(1) }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
});
const sources = fc.tuple(...IDS.map((id) => labels(3).map((own) => ({ id, labels: own }))));

/** The model: a role's sources by id first, then those that have each of the labels as text, all permissions together. */
function sourcesOf(
  all: readonly { id: string; labels: LabelRef[] }[],
  permissions: readonly Permission[],
  roles: readonly string[],
) {
  const found = new Set<string>();
  for (const { roleId, resources } of permissions) {
    if (!roles.includes(roleId)) continue;
    for (const { id, type, labels: wanted } of resources) {
      for (const source of all) {
        const has = new Set(source.labels.map(({ key, value }) => `${key}:${value}`));
        const isNamed = type === 'WORKSPACE' || source.id === id;
        if (isNamed && !(wanted ?? []).some(({ key, value }) => !has.has(`${key}:${value}`))) found.add(source.id);
      }
    }
  }
  return found;
}

test('whatever roles, labels and sources there are, people see and edit those of the model, and a change of labels counts at once (T7)', async () => {
  let [seen, hidden] = [0, 0];
  await fc.assert(
    fc.asyncProperty(sources, sources, fc.array(permission, { maxLength: 3 }), async (first, second, permissions) => {
      const { call, person, commit, control } = await apiWorld();
      const { bearer } = await person('ada@shop.test', permissions);
      for (const all of [first, second]) {
        for (const { id, labels: own } of all) {
          const version = (await control.getSource(aSource().workspaceId, id as SourceId))?.version ?? 0;
          const thing = aSource({ id, slug: id.replace('_', '-'), labels: own, version });
          await commit(thing.workspaceId, [{ kind: 'source', verb: 'save', thing }]);
        }
        const [readable, editable] = [sourcesOf(all, permissions, READERS), sourcesOf(all, permissions, EDITORS)];
        for (const { id } of all) {
          const asked = await call('GET', '/app-api/access', { bearer, query: `right=source.edit&sourceId=${id}` });
          const allowed = (asked.data as { allowed: boolean } | undefined)?.allowed;
          expect([id, asked.status, allowed]).toEqual(
            readable.has(id) ? [id, 200, editable.has(id)] : [id, 404, undefined],
          );
          // By id, the same: wrong in a way that is looked at last, so that it does not depend on what the answer holds.
          const byId = await call('GET', `/sources/${id}`, { bearer, query: 'thereIsNoSuchField=1' });
          expect([id, byId.status === 404]).toEqual([id, !readable.has(id)]);
          if (readable.has(id)) seen += 1;
          else hidden += 1;
        }
      }
    }),
    { numRuns: 150 },
  );
  expect(Math.min(seen, hidden)).toBeGreaterThan(200);
});
