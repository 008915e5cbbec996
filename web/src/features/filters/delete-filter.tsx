import { useChange } from '../../api/calls.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { toast } from '../../ui/toast.tsx';
import { filterWords, type SavedFilter } from './filter-draft.ts';

/** Asks before a filter goes, and says what changes with it. */
export function DeleteFilter({
  filter,
  onClose,
  onDone,
}: {
  filter: SavedFilter;
  onClose: () => void;
  onDone?: () => void;
}) {
  const { id, destinationId, title, enabled } = filter;
  const remove = useChange('removeFilterFromDestination', {
    stale: ['listFiltersFromDestination', 'getAppDestination'],
    onDone: () => {
      toast(`“${title}” is deleted`);
      onClose();
      onDone?.();
    },
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Delete “${title}”`}
      {...(enabled && { typed: title })}
      button="Delete filter"
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ path: { destinationId, filterId: id } })}
    >
      {enabled ? (
        <>
          It is enabled: “{filterWords(filter)}” stops at once, and the destination gets what it kept back. Only events
          that come from now on: what was kept back before can be replayed.
        </>
      ) : (
        'It is disabled, so nothing changes for the destination.'
      )}{' '}
      This cannot be taken back.
    </Confirm>
  );
}
