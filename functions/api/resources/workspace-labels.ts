import type { LabelRef } from '../../../shared/domain/access.ts';
import { ENVIRONMENT_KEY } from '../../../shared/domain/environment.ts';
import type { ApiRequest } from '../http/request.ts';

/** M11: every workspace has them, whether or not an item says so; they cannot be taken away. */
export const DEFAULT_ENVIRONMENTS = ['dev', 'prod'] as const;

export const isDefaultEnvironment = ({ key, value }: LabelRef): boolean =>
  key === ENVIRONMENT_KEY && DEFAULT_ENVIRONMENTS.some((one) => one === value);

export type KnownLabel = LabelRef & { description?: string | undefined };

export const isSameLabel = (a: LabelRef, b: LabelRef): boolean => a.key === b.key && a.value === b.value;

/** All labels of a workspace, the default environments first: what a source or a permission may name. */
export async function labelsOf({
  control,
  workspaceId,
}: Pick<ApiRequest, 'control' | 'workspaceId'>): Promise<KnownLabel[]> {
  const items = await control.listLabels(workspaceId);
  const own = items.map(({ key, value, description }) => ({ key, value, description }));
  const defaults = DEFAULT_ENVIRONMENTS.map((value) => ({
    key: ENVIRONMENT_KEY,
    value,
    description: own.find((one) => one.key === ENVIRONMENT_KEY && one.value === value)?.description,
  }));
  return [...defaults, ...own.filter((one) => !isDefaultEnvironment(one))];
}
