import { Select } from '@mantine/core';
import { useEffect } from 'react';
import { useCall, useWorkspaceSlug } from '../api/calls.ts';
import { environmentsOf, type Label } from '../api/me.ts';
import { text, useParam } from '../ui/search-params.ts';

const keyOf = (workspace: string): string => `tributary-environment:${workspace}`;

/** The environment that lists are narrowed to; undefined for all. In the address as `env`, and kept from page to page in this tab. */
export function useEnvironment(): [string | undefined, (value: string | undefined) => void] {
  const workspace = useWorkspaceSlug() ?? '';
  const [chosen, set] = useParam('env', text);
  const kept = sessionStorage.getItem(keyOf(workspace)) ?? undefined;
  return [
    chosen ?? kept,
    (value) => {
      if (value === undefined) sessionStorage.removeItem(keyOf(workspace));
      else sessionStorage.setItem(keyOf(workspace), value);
      set(value);
    },
  ];
}

/** Whether something with these labels belongs to the chosen environment. */
export const isIn = (environment: string | undefined, labels: readonly Label[] | undefined): boolean =>
  environment === undefined || environmentsOf(labels).includes(environment);

/** Chooses the environment that lists show (A13). */
export function EnvironmentFilter() {
  const [environment, setEnvironment] = useEnvironment();
  const workspace = useWorkspaceSlug() ?? '';
  const environments = useCall('listEnvironments', undefined, { freshMs: 60_000 });
  useEffect(() => {
    if (environment !== undefined) sessionStorage.setItem(keyOf(workspace), environment);
  }, [environment, workspace]);
  const values = environments.data?.environments.map(({ value }) => value) ?? [];
  if (values.length === 0) return null;
  return (
    <Select
      aria-label="Environment"
      size="xs"
      w={140}
      visibleFrom="sm"
      value={environment ?? ''}
      data={[{ value: '', label: 'All environments' }, ...values.map((value) => ({ value, label: value }))]}
      onChange={(value) => setEnvironment(value === '' || value === null ? undefined : value)}
      allowDeselect={false}
    />
  );
}
