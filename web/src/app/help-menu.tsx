import { ActionIcon } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useState } from 'react';
import { IconHelp } from '@tabler/icons-react';
import { LateMenu } from './late-menu.tsx';
import { listShortcuts, onListShortcuts } from './shortcuts.ts';

const ShortcutList = lazy(async () => ({ default: (await import('./shortcut-list.tsx')).ShortcutList }));

/** The question mark: manual, API reference, shortcuts, tour, feedback. */
export function HelpMenu() {
  const [isListed, setListed] = useState(false);
  useHotkeys([['shift+?', listShortcuts]]);
  useEffect(() => onListShortcuts(() => setListed(true)), []);
  return (
    <>
      <LateMenu
        load={async () => (await import('./help-menu-list.tsx')).HelpMenuList}
        target={
          <ActionIcon size="lg" aria-label="Help">
            <IconHelp size={18} />
          </ActionIcon>
        }
      />
      <Suspense fallback={null}>{isListed && <ShortcutList onClose={() => setListed(false)} />}</Suspense>
    </>
  );
}
