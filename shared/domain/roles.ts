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
