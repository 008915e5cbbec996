import { useChange } from '../../api/calls.ts';
import { toast, toastError } from '../../ui/toast.tsx';
import { STALE_WITH_DESTINATION } from './use-destination.ts';

/** Pauses destinations and lets them go on, each with a way back. */
export function usePause() {
  const change = useChange('updateAppDestination', { stale: STALE_WITH_DESTINATION });
  const set = (one: { id: string; name: string }, paused: boolean, isBack = false): void =>
    // By the promise: callbacks of `mutate` would hear of the last of several alone.
    void change.mutateAsync({ path: { destinationId: one.id }, body: { paused } }).then(
      () =>
        toast(
          paused ? `${one.name} is paused: its events are kept` : `${one.name} goes on`,
          isBack ? {} : { undo: () => set(one, !paused, true) },
        ),
      (error: Error) => toastError(`${one.name} was not ${paused ? 'paused' : 'resumed'}`, error),
    );
  return { set, isPending: change.isPending };
}
