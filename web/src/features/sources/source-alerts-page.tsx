import { useParams } from '@tanstack/react-router';
import { AlertsPanel } from '../alerts/alerts-panel.tsx';

/** Who is told when something is wrong with a source, or with what it feeds. */
export function SourceAlertsPage() {
  const { sourceId = '' } = useParams({ strict: false });
  return <AlertsPanel sourceId={sourceId} />;
}
