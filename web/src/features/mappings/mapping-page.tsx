import { useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTagged, useWorkspaceSlug } from '../../api/calls.ts';
import { text, useParam } from '../../ui/search-params.ts';
import { Empty, Failed, Waiting } from '../../ui/states.tsx';
import { useDestination, useDestinationId } from '../destinations/use-destination.ts';
import { newDraft } from './mapping-draft.ts';
import { MappingEditor } from './mapping-editor.tsx';

/** A mapping's editor: an event, what the mapping makes of its fields, and what the tool gets. */
export function MappingPage() {
  const destinationId = useDestinationId();
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const mappingId = useParams({ strict: false }).mappingId ?? '';
  const isNew = mappingId === 'new';
  const found = useDestination(destinationId).data;
  const asked = useTagged(
    'getSubscriptionFromDestination',
    { path: { destinationId, id: mappingId } },
    { enabled: !isNew },
  );
  const [wanted, setWanted] = useParam('action', text, { replace: true });
  const { type, source, destination } = found ?? {};
  const saved = isNew ? undefined : asked.data?.data.subscription;
  const key = saved?.actionSlug ?? wanted;
  const action = type?.actions.find((one) => one.key === key) ?? (isNew ? type?.actions[0] : undefined);
  const first = useMemo(() => (action === undefined ? undefined : newDraft(action)), [action]);

  if (asked.isError && asked.data === undefined) {
    return <Failed what="The mapping" error={asked.error} onRetry={() => void asked.refetch()} />;
  }
  if (type === undefined || source === undefined || destination === undefined || (!isNew && saved === undefined)) {
    return <Waiting what="mapping" lines={6} />;
  }
  if (action === undefined || first === undefined) {
    return (
      <Empty title="This mapping’s action is gone">
        {type.name} has no action “{key}” any more, so the mapping sends nothing. Make a new one in its place.
      </Empty>
    );
  }
  const base = `/${workspace}/destinations/${destinationId}/mappings`;
  return (
    <MappingEditor
      key={`${mappingId} ${isNew ? action.key : ''}`}
      saved={saved}
      etag={asked.data?.etag}
      first={first}
      action={action}
      type={type}
      source={source}
      destinationId={destinationId}
      base={base}
      onAction={setWanted}
      onSaved={(id) => void navigate({ to: `${base}/${id}`, replace: true })}
      onGone={() => void navigate({ to: base })}
    />
  );
}
