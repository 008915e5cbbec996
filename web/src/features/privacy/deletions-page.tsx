import { Page } from '../../ui/page.tsx';

export function DeletionsPage() {
  return <Page title="Deletions" />;
}
