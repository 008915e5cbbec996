import { AlertsPanel } from './alerts-panel.tsx';

/** All alerts of the workspace. */
export function AlertsPage() {
  return <AlertsPanel />;
}
