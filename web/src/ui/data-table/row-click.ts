import type { MouseEvent } from 'react';

/** Whether a click was meant for a control of the row, or for what one of them opened: choices and dialogs are drawn elsewhere, yet React tells the row of it. */
export const isOfSomethingElse = ({ target, currentTarget }: MouseEvent): boolean =>
  !(target instanceof Element) || !currentTarget.contains(target) || target.closest('a, button, input, label') !== null;
