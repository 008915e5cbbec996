import { abilitiesOf } from '../../../../../web/src/features/settings/abilities.ts';
import {
  canBeLimited,
  draftsOf,
  OFFERED_ROLES,
  permissionsOf,
  whatIsMissing,
  whereText,
} from '../../../../../web/src/features/settings/permissions.ts';
import { rightText, roleFor } from '../../../../../web/src/features/settings/right-words.ts';
import { can, type Permission, RIGHTS } from '../../../../../shared/domain/access.ts';
import type { SourceId } from '../../../../../shared/domain/ids.ts';

const WORKSPACE = 'ws_1';
const whole = (roleId: string): Permission => ({ roleId, resources: [{ id: WORKSPACE, type: 'WORKSPACE' }] });
const byLabel: Permission = {
  roleId: 'source-editor',
  resources: [{ id: WORKSPACE, type: 'WORKSPACE', labels: [{ key: 'team', value: 'checkout' }] }],
};
const bySource: Permission = {
  roleId: 'source-admin',
  resources: [
    { id: 'src_1', type: 'SOURCE' },
    { id: 'src_2', type: 'SOURCE' },
  ],
};
const nameOf = (id: string): string => ({ src_1: 'Website', src_2: 'App' })[id] ?? id;

test('what a form shows goes back as it came, also what it has no words for', () => {
  const odd: Permission = {
    roleId: 'source-read-only',
    resources: [{ id: 'src_1', type: 'SOURCE', labels: [{ key: 'team', value: 'a' }] }],
  };
  const given = [whole('workspace-owner'), byLabel, bySource, odd];
  expect(draftsOf(given).map(({ where }) => where)).toEqual(['workspace', 'labels', 'sources', 'kept']);
  expect(permissionsOf(draftsOf(given), WORKSPACE)).toEqual(given);
});

test('a role for labels or sources waits until one is chosen', () => {
  const [draft] = draftsOf([byLabel]);
  if (draft === undefined) throw new Error('There is no draft');
  expect(whatIsMissing([draft])).toBeUndefined();
  expect(whatIsMissing([{ ...draft, labels: [] }])).toBe('Choose a label');
  expect(whatIsMissing([{ ...draft, where: 'sources' }])).toBe('Choose a source');
});

test('roles that open nothing yet are not offered, and only those of sources can be limited', () => {
  const ids = OFFERED_ROLES.map(({ id }) => id);
  expect(ids).toContain('source-editor');
  expect(ids).not.toContain('function-admin');
  expect(ids).not.toContain('warehouse-destination-admin');
  expect(['source-admin', 'source-editor', 'source-read-only'].every(canBeLimited)).toBe(true);
  expect(['workspace-owner', 'workspace-member', 'tracking-plan-admin'].some(canBeLimited)).toBe(false);
});

test('where a permission holds is said in words', () => {
  expect(whereText(whole('source-admin'), nameOf)).toBe('the whole workspace');
  expect(whereText(byLabel, nameOf)).toBe('sources with team:checkout');
  expect(whereText(bySource, nameOf)).toBe('Website, App');
});

test('what somebody can do adds up, and what holds everywhere is not said again for less', () => {
  const told = abilitiesOf([whole('source-read-only'), bySource], nameOf).filter(({ area }) => area === 'Sources');
  expect(told).toEqual([
    { area: 'Sources', verbs: 'see', where: 'the whole workspace' },
    { area: 'Sources', verbs: 'see write keys, edit, label, create, delete', where: 'Website, App' },
  ]);
  expect(abilitiesOf([whole('workspace-member')], nameOf)).toEqual([]);
});

test('the role that an owner is offered for a request gives the right that was asked for', () => {
  for (const right of RIGHTS) {
    const isBuilt = !/^(?:function|warehouse|space)\./.test(right);
    const target =
      right.startsWith('source.') || right.startsWith('destination.') || right.startsWith('transformation.')
        ? ({ kind: 'source', id: 'src_1' as SourceId, labels: [] } as const)
        : ({ kind: 'workspace' } as const);
    if (isBuilt) expect([right, can([whole(roleFor(right))], right, target)]).toEqual([right, true]);
  }
  expect(rightText('source.keys')).toBe('see the write keys of sources');
});
