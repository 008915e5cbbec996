import * as z from 'zod';
import { utf8Length } from './fql/utf8-length.ts';
import type { SourceId, WorkspaceId } from './ids.ts';

/** What can be allowed. Those of SOURCE_RIGHTS can be limited to sources by id or label; the others are of the workspace as a whole. */
export const SOURCE_RIGHTS = [
  'source.read',
  'source.keys',
  'source.create',
  'source.edit',
  'source.label',
  'source.delete',
  'destination.read',
  'destination.create',
  'destination.edit',
  'destination.delete',
  'transformation.read',
  'transformation.edit',
] as const;
export const WORKSPACE_RIGHTS = [
  'workspace.read',
  'workspace.edit',
  'workspace.delete',
  'label.read',
  'label.edit',
  'member.read',
  'member.edit',
  'token.read',
  'token.edit',
  'audit.read',
  'usage.read',
  'suppression.read',
  'suppression.edit',
  'tracking-plan.read',
  'tracking-plan.edit',
  'function.read',
  'function.edit',
  'warehouse.read',
  'warehouse.edit',
  'space.read',
  'space.edit',
] as const;
export const RIGHTS = [...SOURCE_RIGHTS, ...WORKSPACE_RIGHTS] as const;
export type Right = (typeof RIGHTS)[number];

/** Of every member, whatever the roles (features 9.1: membership itself). */
const OF_MEMBERS: readonly Right[] = ['workspace.read', 'label.read'];

const SOURCE_READ: readonly Right[] = ['source.read', 'destination.read', 'transformation.read'];
const SOURCE_EDIT: readonly Right[] = [...SOURCE_READ, 'source.keys', 'source.edit', 'destination.edit'];

export type Role = { id: string; name: string; description: string; rights: readonly Right[] | 'all' };

/** Roles of features 9.1 in the original's words, and one of ours: people who may edit what is there and create nothing (features 1.8). */
export const ROLES: readonly Role[] = [
  {
    id: 'workspace-owner',
    name: 'Workspace Owner',
    description: 'May do everything in the workspace, access of others and its deletion included.',
    rights: 'all',
  },
  {
    id: 'workspace-member',
    name: 'Workspace Member',
    description: 'Has what its other roles give.',
    rights: [],
  },
  {
    id: 'minimal-workspace-access',
    name: 'Minimal Workspace Access',
    description: 'Belongs to the workspace and sees nothing in it.',
    rights: [],
  },
  {
    id: 'source-admin',
    name: 'Source Admin',
    description:
      'Edits sources with their write keys, destinations, filters and transformations. For all sources without labels: may also create sources.',
    rights: [
      ...SOURCE_EDIT,
      'source.create',
      'source.label',
      'source.delete',
      'destination.create',
      'destination.delete',
      'transformation.edit',
    ],
  },
  {
    id: 'source-editor',
    name: 'Source Editor',
    description: 'Edits sources and destinations that are there; creates and deletes none.',
    rights: SOURCE_EDIT,
  },
  {
    id: 'source-read-only',
    name: 'Source Read-only',
    description: 'Sees sources and their destinations, without write keys.',
    rights: SOURCE_READ,
  },
  {
    id: 'tracking-plan-admin',
    name: 'Tracking Plan Admin',
    description: 'Edits all tracking plans. To connect one to a source it takes Source Admin of that source, too.',
    rights: ['tracking-plan.read', 'tracking-plan.edit'],
  },
  {
    id: 'tracking-plan-read-only',
    name: 'Tracking Plan Read-only',
    description: 'Sees all tracking plans.',
    rights: ['tracking-plan.read'],
  },
  {
    id: 'end-user-privacy-admin',
    name: 'End User Privacy Admin',
    description: 'Suppresses users, and takes that back.',
    rights: ['suppression.read', 'suppression.edit'],
  },
  {
    id: 'function-admin',
    name: 'Function Admin',
    description: 'Edits functions. There are none yet.',
    rights: ['function.read', 'function.edit'],
  },
  {
    id: 'function-read-only',
    name: 'Function Read-only',
    description: 'Sees functions. There are none yet.',
    rights: ['function.read'],
  },
  {
    id: 'warehouse-destination-admin',
    name: 'Warehouse Destination Admin',
    description: 'Edits warehouses. There are none yet.',
    rights: ['warehouse.read', 'warehouse.edit'],
  },
  {
    id: 'warehouse-destination-read-only',
    name: 'Warehouse Destination Read-only',
    description: 'Sees warehouses. There are none yet.',
    rights: ['warehouse.read'],
  },
  {
    id: 'unify-and-engage-admin',
    name: 'Unify and Engage Admin',
    description: 'Edits profiles and audiences. There are none yet.',
    rights: ['space.read', 'space.edit'],
  },
  {
    id: 'unify-and-engage-read-only',
    name: 'Unify and Engage Read-only',
    description: 'Sees profiles and audiences. There are none yet.',
    rights: ['space.read'],
  },
  {
    id: 'unify-read-only-engage-user',
    name: 'Unify Read-only, Engage User',
    description: 'Sees profiles and edits audiences. There are none yet.',
    rights: ['space.read'],
  },
  {
    id: 'identity-admin',
    name: 'Identity Admin',
    description: 'Edits identity settings. There are none yet.',
    rights: ['space.read'],
  },
  {
    id: 'entities-admin',
    name: 'Entities Admin',
    description: 'Edits models of the data graph. There are none yet.',
    rights: ['space.read'],
  },
  {
    id: 'entities-read-only',
    name: 'Entities Read-only',
    description: 'Sees models of the data graph. There are none yet.',
    rights: ['space.read'],
  },
];
export const OWNER_ROLE = 'workspace-owner';
const BY_ID: ReadonlyMap<string, Role> = new Map(ROLES.map((role) => [role.id, role]));
export const findRole = (id: string): Role | undefined => BY_ID.get(id);

/** M07: both begin with a letter and go on with letters, digits and hyphens. */
const LABEL_TEXT = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
export const LabelKey = z.string().regex(LABEL_TEXT, 'a letter, then letters, digits and hyphens, at most 64');
/** A label as it is on a source, or in a permission. */
export const LabelRef = z.object({ key: LabelKey, value: LabelKey });
export type LabelRef = z.infer<typeof LabelRef>;
/** One for each key (M08), of which a workspace has few. */
export const LABELS_PER_SOURCE_MAX = 20;

/** Resources that one permission names. */
export const RESOURCES_MAX = 200;
/** Permissions of one person, group, invite or token. */
export const PERMISSIONS_MAX = 50;
/** JSON text of them: an item of DynamoDB has 400 KB, of which a group's addresses take most. */
export const PERMISSIONS_BYTES_MAX = 60_000;

/** A role, where it holds. Labels of one resource must all be on the source (M10: AND); several permissions add up (M02, M10: OR). */
export const Permission = z.object({
  roleId: z.string().refine((id) => BY_ID.has(id), 'is no role; GET /roles lists them'),
  resources: z
    .array(
      z.object({
        id: z.string().min(1).max(64),
        type: z.enum(['FUNCTION', 'SOURCE', 'SPACE', 'WAREHOUSE', 'WORKSPACE']),
        labels: z.array(LabelRef).max(LABELS_PER_SOURCE_MAX).optional(),
      }),
    )
    .min(1)
    .max(RESOURCES_MAX),
});
export type Permission = z.infer<typeof Permission>;

/** All that somebody is given. What is stored already is read whatever its size. */
export const GivenPermissions = z
  .array(Permission)
  .max(PERMISSIONS_MAX, `nobody has more than ${PERMISSIONS_MAX} permissions: replace some`)
  .refine(
    (permissions) => utf8Length(JSON.stringify(permissions)) <= PERMISSIONS_BYTES_MAX,
    `have more than ${PERMISSIONS_BYTES_MAX} bytes together: name fewer resources, or labels in their place`,
  );

/** What a right is asked for. */
export type Target = { kind: 'workspace' } | { kind: 'source'; id: SourceId; labels: readonly LabelRef[] };

/** Everything of one workspace. */
export const ownerOf = (workspaceId: WorkspaceId): Permission => ({
  roleId: OWNER_ROLE,
  resources: [{ id: workspaceId, type: 'WORKSPACE' }],
});

/**
 * Whether someone with these permissions in a workspace may do that: the one policy of the product. The permissions are of the workspace of the target
 * (the caller sees to that: what is of another workspace is not found at all).
 */
export function can(permissions: readonly Permission[], right: Right, target: Target): boolean {
  if (OF_MEMBERS.includes(right)) return true;
  return permissions.some((permission) => gives(permission, right) && covers(permission, target));
}

/** Whether there is any source at all for which someone has it: then a list may be asked for, and holds those alone. */
export const canSomewhere = (permissions: readonly Permission[], right: Right): boolean =>
  OF_MEMBERS.includes(right) || permissions.some((permission) => gives(permission, right));

export const isOwner = (permissions: readonly Permission[]): boolean =>
  can(permissions, 'member.edit', { kind: 'workspace' });

/** Whether the permission's role has the right at all, wherever it holds. */
export const gives = ({ roleId }: Permission, right: Right): boolean => {
  const rights = findRole(roleId)?.rights ?? [];
  return rights === 'all' || rights.includes(right);
};

function covers({ resources }: Permission, target: Target): boolean {
  return resources.some(({ id, type, labels = [] }) => {
    if (target.kind === 'workspace') return type === 'WORKSPACE' && labels.length === 0;
    if (type !== 'WORKSPACE' && !(type === 'SOURCE' && id === target.id)) return false;
    return labels.every(({ key, value }) => target.labels.some((label) => label.key === key && label.value === value));
  });
}
