import { Menu, Text, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useMe } from '../api/me.ts';
import { IconBell, IconDeviceLaptop, IconLogout, IconMoon, IconSun, IconUser } from '@tabler/icons-react';
import { OpenedMenu } from './opened-menu.tsx';
import { signOut } from './session.ts';

const SCHEMES = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceLaptop },
] as const;

/** What the account's button opens. */
export function AccountMenuList({ target }: { target: ReactElement }) {
  const me = useMe();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { name = '', email = '' } = me.data?.user ?? {};
  return (
    <OpenedMenu target={target} position="bottom-end" width={240}>
      <div style={{ padding: '6px 12px' }}>
        <Text size="sm" fw={600} truncate>
          {name}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {email}
        </Text>
      </div>
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconUser size={15} aria-hidden="true" />}
        onClick={() => void navigate({ to: '/me/account' })}
      >
        Account
      </Menu.Item>
      <Menu.Item
        leftSection={<IconBell size={15} aria-hidden="true" />}
        onClick={() => void navigate({ to: '/me/notifications' })}
      >
        Notifications
      </Menu.Item>
      <Menu.Divider />
      <Menu.Label>Appearance</Menu.Label>
      {SCHEMES.map(({ value, label, icon: Icon }) => (
        <Menu.Item
          key={value}
          role="menuitemradio"
          aria-checked={colorScheme === value}
          leftSection={<Icon size={15} aria-hidden="true" />}
          onClick={() => setColorScheme(value)}
          fw={colorScheme === value ? 650 : undefined}
        >
          {label}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item leftSection={<IconLogout size={15} aria-hidden="true" />} onClick={() => void signOut()}>
        Sign out
      </Menu.Item>
    </OpenedMenu>
  );
}
