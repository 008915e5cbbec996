import * as z from 'zod';
import { utf8Length } from './fql/utf8-length.ts';
import type { SourceId, WorkspaceId } from './ids.ts';
import { findRole, OWNER_ROLE, type Right } from './roles.ts';

// Roles are in a file of their own, without what reads and checks: the web app says by it what people may.
export { findRole, type Right, RIGHTS, ROLES, SOURCE_RIGHTS } from './roles.ts';

/** Of every member, whatever the roles (features 9.1: membership itself). */
const OF_MEMBERS: readonly Right[] = ['workspace.read', 'label.read'];

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
  roleId: z.string().refine((id) => findRole(id) !== undefined, 'is no role; GET /roles lists them'),
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
