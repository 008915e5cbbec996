import { Page } from '../../ui/page.tsx';

export function SourceOverviewPage() {
  return <Page title="SourceOverview" />;
}
