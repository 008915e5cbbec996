import { findRole, GivenPermissions, type Permission } from '../../../shared/domain/access.ts';
import { beyond, mergedPermissions, misfitOf } from '../../../shared/domain/grants.ts';
import type { WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { ApiFault, invalid, notFound } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { ApiRequest } from '../http/request.ts';
import { isSameLabel, labelsOf } from '../resources/workspace-labels.ts';

/** A permission as requests write it: labels may have descriptions, which are not kept. */
type Given = {
  roleId: string;
  resources: readonly { id: string; type: string; labels?: readonly unknown[] | undefined }[];
};

/**
 * The permissions that a request gives somebody, after all has been looked at: roles there are, where they can be given, ids and labels of this
 * workspace, and nothing beyond what the caller has (T6). Throws ApiFault: 422 that points at the field, 404 for what is of another workspace or of none.
 */
export async function givenPermissions(
  request: Pick<ApiRequest, 'caller' | 'control' | 'workspaceId' | 'asked'>,
  { sources }: WorkspaceConfig,
  given: readonly Given[],
  at = 'permissions',
): Promise<Permission[]> {
  const permissions = parsedAs(GivenPermissions, given, at);
  const labels = permissions.some(({ resources }) => resources.some((one) => (one.labels ?? []).length > 0))
    ? await labelsOf(request)
    : [];
  for (const [index, permission] of permissions.entries()) {
    for (const [place, resource] of permission.resources.entries()) {
      const field = `${at}.${index}.resources.${place}`;
      const misfit = misfitOf(permission, resource);
      if (misfit !== undefined) throw invalid({ field, message: misfit });
      if (!isHere(resource) && !(await isHeldHere(request, permission, resource))) throw notThere(resource);
      const unknown = (resource.labels ?? []).find((asked) => !labels.some((label) => isSameLabel(label, asked)));
      if (unknown !== undefined) {
        throw invalid({ field: `${field}.labels`, message: `There is no label ${unknown.key}:${unknown.value}.` });
      }
    }
  }
  const excess = beyond(request.caller.permissions, permissions);
  if (excess !== undefined) throw tooMuch(request, excess);
  return permissions;

  function isHere({ id, type }: Permission['resources'][number]): boolean {
    if (type === 'WORKSPACE') return id === request.workspaceId;
    return type === 'SOURCE' && sources.some((source) => source.id === id);
  }
}

/**
 * Whether somebody of this workspace has the permission for a source that is gone: it may be left behind where its deletion broke off. It gives nothing,
 * ids are not used twice, and what is read of people can be written back. A source of another workspace is in nobody's permissions here.
 */
async function isHeldHere(
  { control, workspaceId }: Pick<ApiRequest, 'control' | 'workspaceId'>,
  { roleId }: Permission,
  { id, type }: Permission['resources'][number],
): Promise<boolean> {
  if (type !== 'SOURCE') return false;
  const holders = await Promise.all([
    control.listMembers(workspaceId),
    control.listGroups(workspaceId),
    control.listInvites(workspaceId),
    control.listApiTokens(workspaceId),
  ]);
  return holders
    .flat()
    .flatMap(({ permissions = [] }) => permissions)
    .some((held) => held.roleId === roleId && held.resources.some((one) => one.type === type && one.id === id));
}
/** Throws ApiFault 422 where what somebody has with what is added is more than anybody may have. */
export const addedPermissions = (had: readonly Permission[], added: readonly Permission[]): Permission[] =>
  parsedAs(GivenPermissions, mergedPermissions(had, added), 'permissions');

/** There are no functions, spaces and warehouses yet, so that none of their ids is of this workspace. */
function notThere({ id, type }: Permission['resources'][number]): ApiFault {
  if (type === 'WORKSPACE') return notFound('workspace', id);
  if (type === 'SOURCE') return notFound('source', id);
  return new ApiFault(404, [{ type: 'not-found', message: `There is no ${type.toLowerCase()} ${id}.` }]);
}

const tooMuch = ({ asked }: Pick<ApiRequest, 'asked'>, { roleId }: Permission): ApiFault =>
  new ApiFault(asked.path.startsWith('/app-api') ? 403 : 401, [
    {
      type: 'insufficient-permission',
      message: `You cannot give ${findRole(roleId)?.name ?? roleId} there: you do not have all of it yourself.`,
    },
  ]);

/** A permission as answers write it. */
export const toldPermission = ({ roleId, resources }: Permission) => ({
  roleId,
  roleName: findRole(roleId)?.name ?? roleId,
  resources: resources.map(({ id, type, labels }) => ({ id, type, ...(labels !== undefined && { labels }) })),
});
