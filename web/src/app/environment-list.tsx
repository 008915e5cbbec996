import { Menu } from '@mantine/core';
import type { ReactElement } from 'react';
import { IconCheck } from '@tabler/icons-react';
import { useEnvironment, useEnvironments } from './environment-filter.tsx';
import { OpenedMenu } from './opened-menu.tsx';

/** What the environment's button opens. */
export function EnvironmentList({ target }: { target: ReactElement }) {
  const [environment, setEnvironment] = useEnvironment();
  const values = useEnvironments().data?.environments.map(({ value }) => value) ?? [];
  return (
    <OpenedMenu target={target} position="bottom-end" width={200}>
      {[undefined, ...values].map((value) => (
        <Menu.Item
          key={value ?? ''}
          role="menuitemradio"
          aria-checked={environment === value}
          rightSection={environment === value && <IconCheck size={14} aria-hidden="true" />}
          onClick={() => setEnvironment(value)}
        >
          {value ?? 'All environments'}
        </Menu.Item>
      ))}
    </OpenedMenu>
  );
}
