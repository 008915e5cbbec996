import type { FC } from 'react';
import type { Right } from '../../../shared/domain/access.ts';
import type { Me } from '../api/me.ts';
import {
  IconApps,
  IconChartBar,
  IconHeartbeat,
  IconLayoutGrid,
  IconPlugConnected,
  IconRoute,
  IconSend,
  IconSettings,
  IconShield,
} from '@tabler/icons-react';

export type Destination = {
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
export type NavigationGroup = { label: string; entries: readonly Destination[] };

/** The left navigation (A04): what is built and what its reader may see. */
export const NAVIGATION: readonly NavigationGroup[] = [
  {
    label: 'Connections',
    entries: [
      { label: 'Overview', path: 'overview', icon: IconLayoutGrid, key: 'o' },
      { label: 'Sources', path: 'sources', icon: IconSend, key: 's' },
      { label: 'Destinations', path: 'destinations', icon: IconPlugConnected, key: 'd' },
      { label: 'Catalog', path: 'catalog', icon: IconApps, key: 'c' },
      { label: 'Health', path: 'health', icon: IconHeartbeat, key: 'h' },
    ],
  },
  {
    label: 'Accounts',
    entries: [
      { label: 'Balance', path: 'balance', icon: IconRoute, key: 'b' },
      { label: 'Usage and cost', path: 'usage', icon: IconChartBar, right: 'usage.read', key: 'u' },
    ],
  },
  {
    label: 'Workspace',
    entries: [
      { label: 'Privacy', path: 'privacy/suppressions', icon: IconShield, right: 'suppression.read' },
      { label: 'Settings', path: 'settings', icon: IconSettings, key: 't' },
    ],
  },
];

/** The groups with the entries that this person has something to see in. */
export function navigationFor(
  me: Me | undefined,
  may: (right: Right) => boolean,
  groups: readonly NavigationGroup[] = NAVIGATION,
): NavigationGroup[] {
  const isBuilt = (area: string): boolean =>
    me?.capabilities.some((one) => one.area === area && one.effect !== 'later') ?? true;
  return groups
    .map(({ label, entries }) => ({
      label,
      entries: entries.filter(
        ({ right, area }) => (right === undefined || may(right)) && (area === undefined || isBuilt(area)),
      ),
    }))
    .filter(({ entries }) => entries.length > 0);
}
