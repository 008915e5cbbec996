import { useNavigate, useParams } from '@tanstack/react-router';
import { useTagged, useWorkspaceSlug } from '../../api/calls.ts';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { Failed, Waiting } from '../../ui/states.tsx';
import { type AppSource, useDestination, useDestinationId } from '../destinations/use-destination.ts';
import { KINDS, type Kind, NEW_FILTER, type SavedFilter } from './filter-draft.ts';
import { FilterEditor } from './filter-editor.tsx';

const kindParam = oneOf(...(Object.keys(KINDS) as Kind[]));

/** A filter's editor: the rule left, what it does to real events right. */
export function FilterPage() {
  const destinationId = useDestinationId();
  const filterId = useParams({ strict: false }).filterId ?? '';
  const isNew = filterId === 'new';
  const found = useDestination(destinationId).data;
  const asked = useTagged('getFilterInDestination', { path: { destinationId, filterId } }, { enabled: !isNew });
  const [kind] = useParam('kind', kindParam);
  if (asked.isError && asked.data === undefined) {
    return <Failed what="The filter" error={asked.error} onRetry={() => void asked.refetch()} />;
  }
  const source = found?.source;
  if (source === undefined || (!isNew && asked.data === undefined)) return <Waiting what="filter" lines={6} />;
  const { data: { filter } = {}, etag } = isNew ? {} : (asked.data ?? {});
  return <Loaded key={filterId} saved={filter} etag={etag} source={source} kind={kind} />;
}

function Loaded({
  saved,
  etag,
  source,
  kind,
}: {
  saved: SavedFilter | undefined;
  etag: string | undefined;
  source: AppSource;
  kind: Kind | undefined;
}) {
  const destinationId = useDestinationId();
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const base = `/${workspace}/destinations/${destinationId}/filters`;
  return (
    <FilterEditor
      saved={saved}
      etag={etag}
      source={source}
      destinationId={destinationId}
      base={base}
      first={{
        ...NEW_FILTER,
        ...(kind !== undefined && { kind }),
        ...((kind === 'drop-fields' || kind === 'sample') && { condition: 'all' }),
      }}
      onSaved={(id) => void navigate({ to: `${base}/${id}`, replace: true })}
      onGone={() => void navigate({ to: base })}
    />
  );
}
