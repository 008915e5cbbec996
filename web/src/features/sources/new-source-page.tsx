import { useWorkspaceSlug } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { NotAllowed } from '../../ui/locked.tsx';
import { Page } from '../../ui/page.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import { Waiting } from '../../ui/states.tsx';
import { KindChooser } from './kind-chooser.tsx';
import { NewSourceForm } from './new-source-form.tsx';
import { useCatalog } from './source-kinds.ts';

/** Adds a source: what it is, then its name; `?type=` is the type's slug. */
export function NewSourcePage() {
  const slug = useWorkspaceSlug() ?? '';
  const [type] = useParam('type', text);
  const { kinds, isPending } = useCatalog();
  const mayCreate = useMay('source.create');
  const kind = kinds?.find((one) => one.slug === type || one.id === type);
  return (
    <Page
      title="Add source"
      crumbs={[{ label: 'Sources', to: `/${slug}/sources` }]}
      about={kind === undefined ? 'What sends the events?' : 'You get its write key and the code to paste next.'}
    >
      {!mayCreate ? (
        <NotAllowed right="source.create" what="the form for new sources" />
      ) : type !== undefined && isPending ? (
        <Waiting what="the type of source" lines={3} height={64} />
      ) : kind === undefined ? (
        <KindChooser />
      ) : (
        <NewSourceForm key={kind.id} kind={kind} />
      )}
    </Page>
  );
}
