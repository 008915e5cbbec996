import { Page } from '../../ui/page.tsx';

export function AccessRequestsPage() {
  return <Page title="AccessRequests" />;
}
