import { can, findRole, gives, type LabelRef, type Permission, type Right, RIGHTS, SOURCE_RIGHTS } from './access.ts';
import type { Group, Member } from './people.ts';

/** Where a right holds: for everything of the workspace, or for sources by id and labels, any of the entries. Labels of one entry must all be there. */
export type Where = 'everywhere' | readonly { sourceId?: string; labels?: readonly LabelRef[] }[];
export type RightThere = { right: Right; where: Where };

/** What permissions come to, right by right: what a user interface can ask without knowing roles. Rights that hold nowhere are left out. */
export function flattenRights(permissions: readonly Permission[]): RightThere[] {
  return RIGHTS.flatMap((right): RightThere[] => {
    if (can(permissions, right, { kind: 'workspace' })) return [{ right, where: 'everywhere' }];
    if (!SOURCE_RIGHTS.some((one) => one === right)) return [];
    const where = permissions
      .filter((permission) => gives(permission, right))
      .flatMap(({ resources }) => resources)
      .filter(({ type }) => type === 'SOURCE' || type === 'WORKSPACE')
      .map(({ id, type, labels = [] }) => ({
        ...(type === 'SOURCE' && { sourceId: id }),
        ...(labels.length > 0 && { labels }),
      }));
    return where.length === 0 ? [] : [{ right, where }];
  });
}

/**
 * The first of `granted` that gives a right somewhere where `held` does not (T6): nobody gives what they do not have. Several permissions of the giver
 * are not added up to cover one that is given: it may say no where a closer look would say yes, never the other way round.
 */
export function beyond(held: readonly Permission[], granted: readonly Permission[]): Permission | undefined {
  return granted.find((permission) => {
    const rights = findRole(permission.roleId)?.rights ?? [];
    return (rights === 'all' ? RIGHTS : rights).some((right) =>
      permission.resources.some((resource) => !isHeld(held, right, resource)),
    );
  });
}

type Resource = Permission['resources'][number];

const isHeld = (held: readonly Permission[], right: Right, resource: Resource): boolean =>
  held.some((permission) => gives(permission, right) && permission.resources.some((one) => contains(one, resource)));

const contains = (outer: Resource, inner: Resource): boolean =>
  (outer.type === 'WORKSPACE' || (outer.type === inner.type && outer.id === inner.id)) &&
  (outer.labels ?? []).every(({ key, value }) =>
    (inner.labels ?? []).some((label) => label.key === key && label.value === value),
  );

/** Beginnings of the rights that a role must have to be limited to a resource of that type. */
const RIGHTS_OF_TYPE = {
  FUNCTION: 'function.',
  SOURCE: 'source.',
  SPACE: 'space.',
  WAREHOUSE: 'warehouse.',
} as const;

/** Why a role cannot be given there, in a sentence; `undefined`: it can. Which ids and labels there are is not looked at. */
export function misfitOf({ roleId }: Permission, { type, labels = [] }: Resource): string | undefined {
  const role = findRole(roleId);
  if (role === undefined) return 'There is no such role.';
  const has = (beginning: string) => role.rights !== 'all' && role.rights.some((right) => right.startsWith(beginning));
  if (type !== 'WORKSPACE' && !has(RIGHTS_OF_TYPE[type])) {
    return `${role.name} is not given for a ${type}: give it for the WORKSPACE.`;
  }
  if (labels.length > 0 && !has('source.') && !has('space.')) {
    return `${role.name} cannot be limited by labels: only sources and spaces have them.`;
  }
  return undefined;
}

/** What a member may do: their own permissions and those of their groups (M02). */
export const permissionsOf = (
  member: Pick<Member, 'email' | 'permissions'>,
  groups: readonly Group[],
): Permission[] => [
  ...member.permissions,
  ...groups.filter(({ emails }) => emails.includes(member.email)).flatMap(({ permissions }) => permissions),
];

/** Those that own the workspace, by themselves or by a group. */
export const ownersAmong = (members: readonly Member[], groups: readonly Group[]): Member[] =>
  members.filter((member) => can(permissionsOf(member, groups), 'member.edit', { kind: 'workspace' }));

/** Both lists, without what is in them twice. */
export function mergedPermissions(some: readonly Permission[], more: readonly Permission[]): Permission[] {
  const byText = new Map<string, Permission>();
  for (const permission of [...some, ...more]) byText.set(JSON.stringify(permission), permission);
  return [...byText.values()];
}

/** Permissions that name a source, without it; one that is for nothing else goes. `undefined` where none names it. */
export function withoutSource(permissions: readonly Permission[], id: string): Permission[] | undefined {
  const names = ({ type, id: one }: Resource): boolean => type === 'SOURCE' && one === id;
  if (!permissions.some(({ resources }) => resources.some(names))) return undefined;
  return permissions
    .map((permission) => ({ ...permission, resources: permission.resources.filter((one) => !names(one)) }))
    .filter(({ resources }) => resources.length > 0);
}
