import { useEffect } from 'react';

/** What Space means something else to. */
const OWN =
  'input, textarea, select, summary, a, [role="textbox"], [role="tab"], [role="treeitem"], [role="menuitem"], [role="dialog"], .cm-editor';

/** Calls at the space bar, unless what has the focus needs it: of the rows of the list, Enter opens. */
export function useSpace(pressed: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const { target } = event;
      if (!(target instanceof Element)) return;
      const isButton = target.closest('button') !== null && target.closest('[data-key]') === null;
      if (isButton || target.closest(OWN) !== null || document.querySelector('[role="dialog"]') !== null) return;
      event.preventDefault();
      pressed();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [pressed]);
}
