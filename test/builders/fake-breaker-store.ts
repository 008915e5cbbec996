import type { BreakerStore, OpenBreaker } from '../../shared/ports/breaker-store.ts';

/** Open breakers by destination, in memory; `asked` counts the reads. Fails as told. */
export function fakeBreakerStore(fault?: Error) {
  const open = new Map<string, OpenBreaker>();
  const counts = { asked: 0 };
  const mayFail = (): void => {
    if (fault !== undefined) throw fault;
  };
  const store: BreakerStore = {
    get: async (destinationId) => {
      counts.asked += 1;
      mayFail();
      return open.get(destinationId);
    },
    open: async (breaker) => {
      mayFail();
      const standing = open.get(breaker.destinationId) ?? breaker;
      open.set(breaker.destinationId, standing);
      return standing;
    },
    replace: async (read, next) => {
      mayFail();
      if (open.get(read.destinationId)?.writeId !== read.writeId) return false;
      open.set(read.destinationId, next);
      return true;
    },
    close: async (read) => {
      mayFail();
      if (open.get(read.destinationId)?.writeId === read.writeId) open.delete(read.destinationId);
    },
  };
  return { ...store, standing: open, counts };
}
