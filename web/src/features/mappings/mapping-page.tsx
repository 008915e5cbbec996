import { Page } from '../../ui/page.tsx';

export function MappingPage() {
  return <Page title="Mapping" />;
}
