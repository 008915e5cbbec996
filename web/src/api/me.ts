import { useQuery } from '@tanstack/react-query';
import type { Right } from '../../../shared/domain/access.ts';
import { ENVIRONMENT_KEY, environmentOf } from '../../../shared/domain/environment.ts';
import { callQuery, type DataOf, useWorkspaceSlug } from './calls.ts';

export type Me = DataOf<'getMe'>;
export type Workspace = Me['workspaces'][number];
export type Label = { key: string; value: string };
/** What a right may be limited by. */
export type Limited = { id: string; labels?: readonly Label[] | undefined };

const FRESH_MS = 30_000;

/** Who is signed in, their workspaces and rights, and what is built. */
export const useMe = () => useQuery({ ...callQuery(undefined, 'getMe'), staleTime: FRESH_MS });

/** The workspace that is open, as its member sees it; undefined while it is not known, or none of theirs. */
export function useWorkspace(): Workspace | undefined {
  const slug = useWorkspaceSlug();
  return useMe().data?.workspaces.find((one) => one.slug === slug);
}

/** Whether a member has a right, somewhere or for a source. The API decides; this is what the page shows. */
export function mayIn(workspace: Workspace | undefined, right: Right, source?: Limited): boolean {
  if (workspace === undefined) return false;
  if (workspace.isOwner) return true;
  const given = workspace.rights.find((one) => one.right === right);
  if (given === undefined) return false;
  if (given.where === 'everywhere' || source === undefined) return true;
  return given.where.some(({ sourceId, labels }) => {
    if (sourceId !== undefined && sourceId !== source.id) return false;
    return (labels ?? []).every(({ key, value }) =>
      (source.labels ?? []).some((one) => one.key === key && one.value === value),
    );
  });
}

/** `mayIn` for the workspace that is open. */
export const useMay = (right: Right, source?: Limited): boolean => mayIn(useWorkspace(), right, source);

/** The environments that labels name, such as `prod`. */
export const environmentsOf = (labels: readonly Label[] | undefined): string[] =>
  (labels ?? []).filter(({ key }) => key.toLowerCase() === ENVIRONMENT_KEY).map(({ value }) => value);

/** Whether labels say that real users depend on it. */
export const isProduction = (labels: readonly Label[] | undefined): boolean =>
  environmentOf(labels ?? []) === 'production';
