import { Page } from '../../ui/page.tsx';

export function DestinationsPage() {
  return <Page title="Destinations" />;
}
