import { Page } from '../../ui/page.tsx';

export function CatalogItemPage() {
  return <Page title="CatalogItem" />;
}
