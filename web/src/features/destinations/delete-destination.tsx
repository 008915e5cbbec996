import { useAll, useChange } from '../../api/calls.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { counted } from '../../ui/format.ts';
import { toast } from '../../ui/toast.tsx';
import { STALE_WITH_DESTINATION } from './use-destination.ts';

export type DeletedDestination = {
  id: string;
  name: string;
  enabled: boolean;
  typeName: string;
  source: { name: string };
};

/** Asks before a destination goes, and says what stops with it. */
export function DeleteDestination({
  one,
  onClose,
  onDone,
}: {
  one: DeletedDestination;
  onClose: () => void;
  onDone?: () => void;
}) {
  const mappings = useAll('listSubscriptionsFromDestination', 'subscriptions', { path: { destinationId: one.id } });
  const remove = useChange('deleteDestination', {
    stale: STALE_WITH_DESTINATION.filter((id) => id !== 'getAppDestination'),
    onDone: () => {
      toast(`${one.name} is deleted`);
      onClose();
      onDone?.();
    },
  });
  const count = mappings.data?.length;
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Delete ${one.name}`}
      typed={one.name}
      button="Delete destination"
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ path: { destinationId: one.id } })}
    >
      {one.enabled ? (
        <>
          <b>{one.source.name}</b> stops sending to {one.typeName} at once.{' '}
        </>
      ) : (
        <>It is disabled, so nothing stops. </>
      )}
      {count === undefined ? 'Its mappings, filters' : `Its ${counted(count, 'mapping')}, filters`} and credentials are
      deleted with it. This cannot be taken back. What was delivered stays in the tool.
    </Confirm>
  );
}
