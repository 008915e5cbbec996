import { Page } from '../../ui/page.tsx';

export function DestinationSettingsPage() {
  return <Page title="DestinationSettings" />;
}
