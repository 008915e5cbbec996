import type { Touch, Touches } from '../../shared/ports/digest-store.ts';

/** What was touched, in order; `fault` says that the table takes nothing. */
export function fakeTouches(fault?: Error) {
  const stored: Touch[] = [];
  const touches: Touches = {
    touch: async (more) => {
      if (fault !== undefined && more.length > 0) throw fault;
      stored.push(...more);
    },
  };
  return { touches, stored };
}
