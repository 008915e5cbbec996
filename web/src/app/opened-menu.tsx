import { Menu, type MenuProps } from '@mantine/core';
import { cloneElement, type ReactElement, type ReactNode, type Ref } from 'react';
import { useOpenedAtOnce } from './use-opened-at-once.ts';

type Props = Pick<MenuProps, 'position' | 'width'> & { target: ReactElement; children: ReactNode };

/** The menu of a `LateMenu`: open as soon as it is there, for its button was clicked. */
export function OpenedMenu({ target, children, ...menu }: Props) {
  const { opened, onChange, ref } = useOpenedAtOnce();
  return (
    <Menu {...menu} opened={opened} onChange={onChange}>
      <Menu.Target>{cloneElement(target as ReactElement<{ ref: Ref<HTMLButtonElement> }>, { ref })}</Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
