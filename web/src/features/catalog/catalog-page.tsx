import { Page } from '../../ui/page.tsx';

export function CatalogPage() {
  return <Page title="Catalog" />;
}
