import { findRole, OWNER_ROLE, RIGHTS, type Right } from '../../../../shared/domain/roles.ts';
import { type Permission, whereText } from './permissions.ts';

/** What a person may do in one part of the app. */
export type Ability = { area: string; verbs: string; where: string };

const AREAS: readonly { area: string; rights: readonly (readonly [Right, string])[] }[] = [
  {
    area: 'Sources',
    rights: [
      ['source.read', 'see'],
      ['source.keys', 'see write keys'],
      ['source.edit', 'edit'],
      ['source.label', 'label'],
      ['source.create', 'create'],
      ['source.delete', 'delete'],
    ],
  },
  {
    area: 'Destinations',
    rights: [
      ['destination.read', 'see'],
      ['destination.edit', 'edit and replay'],
      ['destination.create', 'create'],
      ['destination.delete', 'delete'],
    ],
  },
  {
    area: 'Transformations',
    rights: [
      ['transformation.read', 'see'],
      ['transformation.edit', 'edit'],
    ],
  },
  {
    area: 'Tracking plans',
    rights: [
      ['tracking-plan.read', 'see'],
      ['tracking-plan.edit', 'edit'],
    ],
  },
  {
    area: 'Suppressed users',
    rights: [
      ['suppression.read', 'see'],
      ['suppression.edit', 'add and remove'],
    ],
  },
  {
    area: 'People and access',
    rights: [
      ['member.read', 'see'],
      ['member.edit', 'invite, change and remove'],
    ],
  },
  {
    area: 'API tokens',
    rights: [
      ['token.read', 'see'],
      ['token.edit', 'create and revoke'],
    ],
  },
  { area: 'Audit trail', rights: [['audit.read', 'see']] },
  { area: 'Usage and cost', rights: [['usage.read', 'see']] },
  { area: 'Labels', rights: [['label.edit', 'create and delete']] },
  {
    area: 'Workspace',
    rights: [
      ['workspace.edit', 'edit settings'],
      ['workspace.delete', 'delete'],
    ],
  },
];

const rightsOf = ({ roleId }: Permission): ReadonlySet<Right> => {
  const rights = findRole(roleId)?.rights ?? [];
  return new Set(rights === 'all' ? RIGHTS : rights);
};

/**
 * What permissions add up to (M02), by part of the app: one line for each place where the same verbs hold. What holds everywhere is not said again for
 * less.
 */
export function abilitiesOf(permissions: readonly Permission[], nameOf: (sourceId: string) => string): Ability[] {
  const lines = AREAS.flatMap(({ area, rights }): Ability[] => {
    const places = new Map<string, Set<string>>();
    for (const permission of permissions) {
      const given = rightsOf(permission);
      const verbs = rights.filter(([right]) => given.has(right)).map(([, verb]) => verb);
      if (verbs.length === 0) continue;
      const where = whereText(permission, nameOf);
      places.set(where, new Set([...(places.get(where) ?? []), ...verbs]));
    }
    const everywhere = places.get(EVERYWHERE) ?? new Set();
    return [...places].flatMap(([where, verbs]) => {
      const told = [...verbs].filter((verb) => where === EVERYWHERE || !everywhere.has(verb));
      return told.length === 0 ? [] : [{ area, verbs: told.join(', '), where }];
    });
  });
  return lines;
}

const EVERYWHERE = whereText({ roleId: OWNER_ROLE, resources: [{ id: '', type: 'WORKSPACE' }] }, () => '');
