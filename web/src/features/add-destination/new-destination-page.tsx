import { Page } from '../../ui/page.tsx';

export function NewDestinationPage() {
  return <Page title="NewDestination" />;
}
