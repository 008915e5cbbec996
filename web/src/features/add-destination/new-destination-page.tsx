import { useWorkspaceSlug } from '../../api/calls.ts';
import { Page } from '../../ui/page.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import { CatalogBrowser } from '../catalog/catalog-browser.tsx';

/** Where adding begins: search for the destination, and select it. */
export function NewDestinationPage() {
  const workspace = useWorkspaceSlug() ?? '';
  // A source's page leads here: the source is chosen already.
  const [source] = useParam('source', text);
  return (
    <Page
      title="Add destination"
      crumbs={[{ label: 'Destinations', to: `/${workspace}/destinations` }]}
      about="Search for the tool that shall get your events, and select it."
    >
      <CatalogBrowser
        only="destinations"
        pathOf={({ of }) => `/${workspace}/destinations/new/${of.slug}`}
        search={{ source }}
      />
    </Page>
  );
}
