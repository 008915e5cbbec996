import type { Timers } from '../../shared/ports/timers.ts';

/** How many calls may be under way, in all and for one destination, and how long one waits for its turn (absent: as long as it takes). */
export type SlotBounds = { inAllMax: number; perDestinationMax: number; waitMsMax?: number };

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
export function sendSlots(bounds: SlotBounds, mayBegin: () => boolean, timers: Pick<Timers, 'after'>): SendSlots {
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

  const isWaiting = (destinationId: string, one: Waiting): boolean => queues.get(destinationId)?.includes(one) === true;

  const leave = (destinationId: string, one: Waiting): void => {
    const queue = queues.get(destinationId);
    const place = queue?.indexOf(one) ?? -1;
    if (queue === undefined || place === -1) return;
    queue.splice(place, 1);
    if (queue.length === 0) queues.delete(destinationId);
    one.giveUp();
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
      const waiting = { begin: () => turn.resolve(true), giveUp: () => turn.resolve(false) };
      const queue = queues.get(destinationId) ?? [];
      queue.push(waiting);
      queues.set(destinationId, queue);
      next();
      const cancel =
        bounds.waitMsMax === undefined || !isWaiting(destinationId, waiting)
          ? undefined
          : timers.after(bounds.waitMsMax, () => leave(destinationId, waiting));
      const hasTurn = await turn.promise;
      cancel?.();
      if (!hasTurn) return undefined;
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
