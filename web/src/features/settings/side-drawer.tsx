import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

/** What a row of a list holds, beside the list. Esc closes. */
export function SideDrawer({
  title,
  onClose,
  size = 'lg',
  children,
}: {
  title: string;
  onClose: () => void;
  size?: 'lg' | 'xl';
  children: ReactNode;
}) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={size}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{
        title: { fontWeight: 620, fontSize: 17, lineHeight: 1.4, overflow: 'hidden', textOverflow: 'ellipsis' },
        header: { borderBottom: '1px solid var(--app-border)' },
        body: { paddingTop: 20 },
      }}
    >
      {children}
    </Drawer>
  );
}
