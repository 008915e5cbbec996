import { ApiError } from '../../../../shared/api/api-error.ts';
import { useChange } from '../../api/calls.ts';
import type { Label } from '../../api/me.ts';
import { Action } from '../../ui/locked.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { STALE_WITH_DESTINATION } from './use-destination.ts';

export type Switched = {
  id: string;
  name: string;
  enabled: boolean;
  source?: { id: string; labels?: readonly Label[] | undefined } | undefined;
};

/** Switches destinations on and off, each with a way back. */
export function useEnable() {
  const change = useChange('updateAppDestination', { stale: STALE_WITH_DESTINATION });
  const set = (one: Pick<Switched, 'id' | 'name'>, enabled: boolean, isBack = false): void =>
    // By the promise: callbacks of `mutate` would hear of the last of several alone.
    void change.mutateAsync({ path: { destinationId: one.id }, body: { enabled } }).then(
      () =>
        toast(
          `${one.name} is ${enabled ? 'enabled' : 'disabled'}`,
          isBack ? {} : { undo: () => set(one, !enabled, true) },
        ),
      (error: Error) => toastError(`${one.name} was not ${enabled ? 'enabled' : 'disabled'}`, worded(error)),
    );
  return { set, isPending: change.isPending, variables: change.variables };
}

/** Names the settings at fault: the message alone says only that one is required. */
function worded(error: Error): Error {
  if (!(error instanceof ApiError)) return error;
  const keys = error.entries.flatMap(({ field }) => (field?.startsWith('settings.') === true ? [field.slice(9)] : []));
  return keys.length === 0 ? error : new Error(`set ${keys.join(', ')} first, in its settings`);
}

/** The button that switches a destination on or off; in production it says so. */
export function EnableButton({ one }: { one: Switched }) {
  const enable = useEnable();
  return (
    <Action
      right="destination.edit"
      source={one.source}
      variant={one.enabled ? 'default' : 'filled'}
      loading={enable.isPending}
      onClick={() => enable.set(one, !one.enabled)}
    >
      {one.enabled ? 'Disable' : 'Enable'}
    </Action>
  );
}
