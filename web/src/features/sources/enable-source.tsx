import { useCallback } from 'react';
import { useChange } from '../../api/calls.ts';
import type { Label } from '../../api/me.ts';
import { Action } from '../../ui/locked.tsx';
import { toast, toastError } from '../../ui/toast.tsx';

type Named = { id: string; name: string; labels?: readonly Label[] };

/** What shows whether a source is enabled. */
const STALE = ['listSources', 'getAppSource', 'listSourceStats', 'getOverview'] as const;

/** Switches a source on or off, and says so with a button that takes it back. */
export function useEnable(): (source: Named, enabled: boolean) => void {
  const { mutateAsync } = useChange('updateAppSource', { stale: STALE });
  return useCallback(
    ({ id, name }: Named, enabled: boolean) => {
      const change = (to: boolean, words: string, undo?: () => void): void =>
        // By the promise: callbacks of `mutate` would hear of the last of several alone.
        void mutateAsync({ path: { sourceId: id }, body: { enabled: to } }).then(
          () => toast(words, undo === undefined ? {} : { undo }),
          (error: Error) => toastError(`${name} was not changed`, error),
        );
      change(enabled, enabled ? `${name} takes events again` : `${name} takes no events now`, () =>
        change(!enabled, enabled ? `${name} is disabled again` : `${name} is enabled again`),
      );
    },
    [mutateAsync],
  );
}

/** The button that takes a disabled source back to work. */
export function EnableButton({ source }: { source: Named }) {
  const enable = useEnable();
  return (
    <Action right="source.edit" source={source} onClick={() => enable(source, true)}>
      Enable
    </Action>
  );
}
