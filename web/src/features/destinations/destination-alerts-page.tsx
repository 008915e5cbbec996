import { AlertsPanel } from '../alerts/alerts-panel.tsx';
import { useDestinationId } from './use-destination.ts';

/** Who is told when the destination does not deliver. */
export function DestinationAlertsPage() {
  return <AlertsPanel destinationId={useDestinationId()} />;
}
