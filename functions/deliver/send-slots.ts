/** How many calls may be under way, in all and for one destination. */
export type SlotBounds = { inAllMax: number; perDestinationMax: number };

type Waiting = { begin: () => void; giveUp: () => void };

export type SendSlots = {
  /** Runs `work` when there is room for it, or answers undefined without running it where its turn comes too late. */
  run<T>(destinationId: string, work: () => Promise<T>): Promise<T | undefined>;
  /** Whether a call to this destination would begin at once. */
  hasRoom(destinationId: string): boolean;
};

/**
 * Turns for calls: first come, first served within a destination, and destinations in turn, so that a slow one with a long queue keeps no
 * other waiting. `mayBegin` is asked whenever a turn has come.
 */
export function sendSlots(bounds: SlotBounds, mayBegin: () => boolean): SendSlots {
  const queues = new Map<string, Waiting[]>();
  const underWay = new Map<string, number>();
  let inAll = 0;

  const next = (): void => {
    for (const [destinationId, queue] of queues) {
      if (!mayBegin()) {
        queues.delete(destinationId);
        for (const { giveUp } of queue) giveUp();
        continue;
      }
      if (inAll >= bounds.inAllMax) return;
      if ((underWay.get(destinationId) ?? 0) >= bounds.perDestinationMax) continue;
      const first = queue.shift();
      // To the end of the round.
      queues.delete(destinationId);
      if (queue.length > 0) queues.set(destinationId, queue);
      if (first === undefined) continue;
      count(destinationId, 1);
      first.begin();
    }
  };

  const count = (destinationId: string, change: number): void => {
    inAll += change;
    const now = (underWay.get(destinationId) ?? 0) + change;
    if (now === 0) underWay.delete(destinationId);
    else underWay.set(destinationId, now);
  };

  return {
    run: async <T>(destinationId: string, work: () => Promise<T>): Promise<T | undefined> => {
      const turn = Promise.withResolvers<boolean>();
      const queue = queues.get(destinationId) ?? [];
      queue.push({ begin: () => turn.resolve(true), giveUp: () => turn.resolve(false) });
      queues.set(destinationId, queue);
      next();
      if (!(await turn.promise)) return undefined;
      try {
        return await work();
      } finally {
        count(destinationId, -1);
        next();
      }
    },
    hasRoom: (destinationId) =>
      !queues.has(destinationId) &&
      inAll < bounds.inAllMax &&
      (underWay.get(destinationId) ?? 0) < bounds.perDestinationMax,
  };
}
