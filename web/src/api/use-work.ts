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
      const isUnderWay = mutations
        .findAll({ mutationKey: [id], status: 'pending' })
        .some(({ state }) => JSON.stringify(state.variables) === asked);
      if (!isUnderWay) begin(...given);
    },
    [mutations, id, begin],
  );
  return { ...work, mutate };
}
