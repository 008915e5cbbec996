import { ApiError } from '../../../../shared/api/api-error.ts';
import { useChange } from '../../api/calls.ts';
import { toast, toastError } from '../../ui/toast.tsx';

/** What is asked again when a mapping has changed. */
export const STALE_WITH_MAPPING = [
  'listSubscriptionsFromDestination',
  'getSubscriptionFromDestination',
  'getAppDestination',
] as const;

type Named = { id: string; name: string };
type Seen = {
  begin: (id: string, enabled: boolean) => void;
  done: (id: string, enabled: boolean) => void;
  failed: (id: string) => void;
};

/** Switches mappings of a destination on and off, each with a way back. */
export function useEnableMapping(destinationId: string, seen: Seen) {
  const change = useChange('updateSubscriptionForDestination', {
    stale: STALE_WITH_MAPPING,
    keeps: 'getSubscriptionFromDestination',
  });
  const set = (one: Named, enabled: boolean, isBack = false): void => {
    seen.begin(one.id, enabled);
    // By the promise: callbacks of `mutate` would hear of the last of several alone.
    change.mutateAsync({ path: { destinationId, id: one.id }, body: { input: { enabled } } }).then(
      () => {
        seen.done(one.id, enabled);
        toast(
          `“${one.name}” is ${enabled ? 'enabled' : 'disabled'}`,
          isBack ? {} : { undo: () => set(one, !enabled, true) },
        );
      },
      (error: Error) => {
        seen.failed(one.id);
        toastError(`“${one.name}” was not ${enabled ? 'enabled' : 'disabled'}`, worded(error));
      },
    );
  };
  return set;
}

/** Names the fields at fault: the message alone says only that one is required. */
function worded(error: Error): Error {
  if (!(error instanceof ApiError)) return error;
  const keys = error.entries.flatMap(({ field }) => {
    const key = /^input\.settings\.(.+)$/.exec(field ?? '')?.[1];
    return key === undefined ? [] : [key];
  });
  return keys.length === 0 ? error : new Error(`set ${keys.join(', ')} first`);
}
