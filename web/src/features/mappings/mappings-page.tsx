import { Page } from '../../ui/page.tsx';

export function MappingsPage() {
  return <Page title="Mappings" />;
}
