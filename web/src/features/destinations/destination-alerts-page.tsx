import { Page } from '../../ui/page.tsx';

export function DestinationAlertsPage() {
  return <Page title="DestinationAlerts" />;
}
