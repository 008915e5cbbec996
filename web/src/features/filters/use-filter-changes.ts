import { useChange } from '../../api/calls.ts';
import { toast, toastError } from '../../ui/toast.tsx';

/** What is asked again when a filter has changed. */
export const STALE_WITH_FILTER = ['listFiltersFromDestination', 'getFilterInDestination', 'getAppDestination'] as const;

type Named = { id: string; title: string };
type Seen = {
  begin: (id: string, enabled: boolean) => void;
  done: (id: string, enabled: boolean) => void;
  failed: (id: string) => void;
};

/** Switches filters of a destination on and off, each with a way back. */
export function useEnableFilter(destinationId: string, seen: Seen) {
  const change = useChange('updateFilterForDestination', { stale: STALE_WITH_FILTER, keeps: 'getFilterInDestination' });
  const set = (one: Named, enabled: boolean, isBack = false): void => {
    seen.begin(one.id, enabled);
    // By the promise: callbacks of `mutate` would hear of the last of several alone.
    change.mutateAsync({ path: { destinationId, filterId: one.id }, body: { enabled } }).then(
      () => {
        seen.done(one.id, enabled);
        toast(
          `“${one.title}” is ${enabled ? 'enabled' : 'disabled'}`,
          isBack ? {} : { undo: () => set(one, !enabled, true) },
        );
      },
      (error: Error) => {
        seen.failed(one.id);
        toastError(`“${one.title}” was not ${enabled ? 'enabled' : 'disabled'}`, error);
      },
    );
  };
  return set;
}
