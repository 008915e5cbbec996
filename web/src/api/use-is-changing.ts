import { useIsMutating } from '@tanstack/react-query';

/**
 * Whether a change of the thing with this id is under way, from wherever on the page: a form that saves over its version waits for it, or one's own switch
 * would count as somebody else's change. What a change is of is the last that its path names.
 */
export const useIsChanging = (id: string | undefined): boolean =>
  useIsMutating({
    predicate: ({ state: { variables } }) => {
      const { path = {} } = (variables ?? {}) as { path?: Readonly<Record<string, string>> };
      return id !== undefined && Object.values(path).at(-1) === id;
    },
  }) > 0;
