import { useMutation, type UseMutationOptions, type UseMutationResult, useQueryClient } from '@tanstack/react-query';
import { useCallback, useId } from 'react';

/**
 * TanStack's `useMutation`, of which `mutate` does nothing while the same is already under way: the second click of a double click comes before the
 * button could be drawn as busy. `mutate` stays the same function, as theirs does.
 */
export function useWork<Data, Variables = void>(
  options: Omit<UseMutationOptions<Data, Error, Variables>, 'mutationKey'>,
): UseMutationResult<Data, Error, Variables> {
  const id = useId();
  const mutations = useQueryClient().getMutationCache();
  const work = useMutation<Data, Error, Variables>({ ...options, mutationKey: [id] });
  const { mutate: begin } = work;
  const mutate = useCallback<typeof begin>(
    (...given) => {
      const asked = JSON.stringify(given[0]);
      // Of several under way the last: who switches on, off and on again means it.
      const last = mutations.findAll({ mutationKey: [id], status: 'pending' }).at(-1);
      if (last === undefined || JSON.stringify(last.state.variables) !== asked) begin(...given);
    },
    [mutations, id, begin],
  );
  return { ...work, mutate };
}
