import { useWorkspaceSlug } from '../../api/calls.ts';
import { Page } from '../../ui/page.tsx';
import { CatalogBrowser } from './catalog-browser.tsx';

/** Everything that can be connected, in one search (B02). */
export function CatalogPage() {
  const workspace = useWorkspaceSlug() ?? '';
  return (
    <Page title="Catalog" about="Sources that send events, and destinations that get them">
      <CatalogBrowser pathOf={({ kind, of }) => `/${workspace}/catalog/${kind}/${of.slug}`} />
    </Page>
  );
}
