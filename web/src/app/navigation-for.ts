import type { FC } from 'react';
import type { Right } from '../../../shared/domain/access.ts';

type Entry = {
  label: string;
  /** Below the workspace. */
  path: string;
  icon: FC<{ size?: number | string; 'aria-hidden'?: boolean | 'true' }>;
  /** Who has it nowhere does not see the entry (A04). */
  right?: Right;
  /** An area of the API, without which there is nothing to show. */
  area?: string;
  /** The second key after `g`. */
  key?: string;
};
export type NavigationGroup = { label: string; entries: readonly Entry[] };

/** An area of the API, and the most that any of its operations does. */
type Capability = { area: string; effect: 'works' | 'stored' | 'later' };

/** The groups with the entries that somebody has something to see in: what is built, and what their rights open. Groups without entries go. */
export function navigationFor(
  groups: readonly NavigationGroup[],
  built: readonly Capability[] | undefined,
  may: (right: Right) => boolean,
): NavigationGroup[] {
  const isBuilt = (area: string): boolean => built?.some((one) => one.area === area && one.effect !== 'later') ?? true;
  return groups
    .map(({ label, entries }) => ({
      label,
      entries: entries.filter(
        ({ right, area }) => (right === undefined || may(right)) && (area === undefined || isBuilt(area)),
      ),
    }))
    .filter(({ entries }) => entries.length > 0);
}
