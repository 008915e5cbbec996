import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { apiOf, callQuery } from '../../api/calls.ts';
import { type Me, useMe, useWorkspace } from '../../api/me.ts';
import { FAVOURITES_MAX, idsIn, toggled } from './favourite-ids.ts';
import { toast, toastError } from '../../ui/toast.tsx';

/** Changes what the app remembers of the person: at once on the page, and back where the API refuses it. */
export function usePreference(key: string): [unknown, (value: Me['preferences'][string] | null, what: string) => void] {
  const queries = useQueryClient();
  const value = useMe().data?.preferences[key];
  const set = useCallback(
    (next: Me['preferences'][string] | null, what: string) => {
      const { queryKey } = callQuery(undefined, 'getMe');
      const put = (preferences: Me['preferences']): void => {
        queries.setQueryData<Me>(queryKey, (me) => (me === undefined ? me : { ...me, preferences }));
      };
      const before = queries.getQueryData<Me>(queryKey)?.preferences ?? {};
      const { [key]: _, ...others } = before;
      put(next === null ? others : { ...others, [key]: next });
      apiOf()
        .call('updateMyPreferences', { body: { preferences: { [key]: next } } })
        .then(
          ({ preferences }) => put(preferences),
          (error: Error) => {
            put(before);
            toastError(what, error);
          },
        );
    },
    [queries, key],
  );
  return [value, set];
}

/** The person's favourites in this workspace (A08). */
export function useFavourites() {
  const [value, set] = usePreference(`favourites:${useWorkspace()?.id ?? ''}`);
  const ids = idsIn(value);
  const change = (next: string[]): void => set(next.length === 0 ? null : next, 'Your favourites were not changed');
  return {
    ids,
    toggle: ({ id, name }: { id: string; name: string }): void => {
      if (!ids.includes(id)) {
        if (ids.length >= FAVOURITES_MAX)
          return toast(`You have ${FAVOURITES_MAX} favourites: remove one first`, { bad: true });
        return change(toggled(ids, id));
      }
      change(toggled(ids, id));
      toast(`${name} is no favourite any more`, { undo: () => change(ids) });
    },
  };
}
