import { UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useCall, useWorkspaceSlug } from '../api/calls.ts';
import { environmentsOf, type Label } from '../api/me.ts';
import { text, useParam } from '../ui/search-params.ts';
import { LateMenu } from './late-menu.tsx';
import classes from './shell.module.css';

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

/** The environments that labels name. */
export const useEnvironments = () => useCall('listEnvironments', undefined, { freshMs: 60_000 });

/** Chooses the environment that lists show (A13). */
export function EnvironmentFilter() {
  const [environment] = useEnvironment();
  const workspace = useWorkspaceSlug() ?? '';
  const environments = useEnvironments();
  useEffect(() => {
    if (environment !== undefined) sessionStorage.setItem(keyOf(workspace), environment);
  }, [environment, workspace]);
  if ((environments.data?.environments.length ?? 0) === 0) return null;
  return (
    <LateMenu
      load={async () => (await import('./environment-list.tsx')).EnvironmentList}
      target={
        <UnstyledButton
          className={classes.environment}
          aria-label={`Environment: ${environment ?? 'All environments'}`}
        >
          <span>{environment ?? 'All environments'}</span>
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      }
    />
  );
}
