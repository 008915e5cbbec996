import { useParams } from '@tanstack/react-router';
import { DestinationItem } from './destination-item.tsx';
import { SourceItem } from './source-item.tsx';

/** A type of the catalog: what it does, what one needs for it, how it is connected (B03). */
export function CatalogItemPage() {
  const { kind, slug = '' } = useParams({ strict: false });
  return kind === 'sources' ? <SourceItem slug={slug} /> : <DestinationItem slug={slug} />;
}
