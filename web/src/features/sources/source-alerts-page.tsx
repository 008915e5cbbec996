import { Page } from '../../ui/page.tsx';

export function SourceAlertsPage() {
  return <Page title="SourceAlerts" />;
}
