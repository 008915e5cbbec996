import { useBlocker } from '@tanstack/react-router';
import { useRef } from 'react';
import { Confirm } from './confirm.tsx';

/**
 * Asks before a page with unsaved changes is left, by a link, by Back, or by closing the tab. `release` lets the next step through: what was changed is
 * saved, or gone on purpose.
 */
export function useLeaveGuard(isDirty: boolean): { guard: React.ReactNode; release: () => void } {
  const isReleased = useRef(false);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && !isReleased.current && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty && !isReleased.current,
    withResolver: true,
  });
  const guard = (
    <Confirm
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      button="Leave and lose them"
      onConfirm={() => blocker.proceed?.()}
    >
      Your changes on this page are not saved. Stay to save them.
    </Confirm>
  );
  return {
    guard,
    release: () => {
      isReleased.current = true;
    },
  };
}
