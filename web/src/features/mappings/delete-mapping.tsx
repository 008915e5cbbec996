import { useChange } from '../../api/calls.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { toast } from '../../ui/toast.tsx';
import { triggerWords } from '../delivery/condition-words.ts';
import type { SavedMapping } from './mapping-draft.ts';

/** Asks before a mapping goes, and says what stops with it. */
export function DeleteMapping({
  mapping,
  toolName,
  onClose,
  onDone,
}: {
  mapping: SavedMapping;
  toolName: string;
  onClose: () => void;
  onDone?: () => void;
}) {
  const { id, destinationId, name, enabled, trigger } = mapping;
  const remove = useChange('removeSubscriptionFromDestination', {
    stale: ['listSubscriptionsFromDestination', 'getAppDestination'],
    onDone: () => {
      toast(`“${name}” is deleted`);
      onClose();
      onDone?.();
    },
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Delete “${name}”`}
      {...(enabled && { typed: name })}
      button="Delete mapping"
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ path: { destinationId, id } })}
    >
      {enabled
        ? `It is enabled: ${toolName} stops getting what it sends (${triggerWords(trigger)}) at once, unless another mapping sends it too.`
        : 'It is disabled, so nothing stops.'}{' '}
      This cannot be taken back.
    </Confirm>
  );
}
