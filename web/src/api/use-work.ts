import { useMutation, type UseMutationOptions, type UseMutationResult, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';

/**
 * TanStack's `useMutation`, of which `mutate` does nothing while the same is already under way: the second click of a double click comes before the
 * button could be drawn as busy.
 */
export function useWork<Data, Variables = void>(
  options: Omit<UseMutationOptions<Data, Error, Variables>, 'mutationKey'>,
): UseMutationResult<Data, Error, Variables> {
  const mutationKey = [useId()];
  const mutations = useQueryClient().getMutationCache();
  const work = useMutation<Data, Error, Variables>({ ...options, mutationKey });
  const isUnderWay = (variables: Variables | undefined): boolean =>
    mutations
      .findAll({ mutationKey, status: 'pending' })
      .some(({ state }) => JSON.stringify(state.variables) === JSON.stringify(variables));
  const mutate: typeof work.mutate = (...given) => {
    if (!isUnderWay(given[0])) work.mutate(...given);
  };
  return { ...work, mutate };
}
