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
import type { NavigationGroup } from './navigation-for.ts';

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
