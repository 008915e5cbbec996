import { Page } from '../../ui/page.tsx';

export function FilterPage() {
  return <Page title="Filter" />;
}
