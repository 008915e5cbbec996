import { Page } from '../../ui/page.tsx';

export function AddDestinationPage() {
  return <Page title="AddDestination" />;
}
