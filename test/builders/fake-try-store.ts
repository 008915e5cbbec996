import type { TryStore } from '../../shared/ports/ledger.ts';

/**
 * Marks of tries in memory. `marks` are those that stand, by name; `begun` and `ended` are all calls in order, as `name receive`. Fails as
 * told, in both calls.
 */
export function fakeTryStore(fault?: Error) {
  const marks = new Map<string, Set<string>>();
  const begun: string[] = [];
  const ended: string[] = [];
  const store: TryStore = {
    unended: async (name) => {
      if (fault !== undefined) throw fault;
      return marks.get(name)?.size ?? 0;
    },
    begin: async (name, receive) => {
      if (fault !== undefined) throw fault;
      begun.push(`${name} ${receive}`);
      const standing = marks.get(name) ?? new Set<string>();
      marks.set(name, standing);
      standing.add(receive);
    },
    end: async (name, receive) => {
      if (fault !== undefined) throw fault;
      ended.push(`${name} ${receive}`);
      const standing = marks.get(name);
      standing?.delete(receive);
      if (standing?.size === 0) marks.delete(name);
    },
  };
  return { ...store, marks, begun, ended };
}
