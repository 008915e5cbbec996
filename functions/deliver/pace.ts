/** Destinations whose pace one environment remembers; the one heard of longest ago makes room. */
const DESTINATIONS_MAX = 500;
/** Weight of the newest call in the moving average. */
const NEWEST = 0.2;

export type Pace = {
  /** How long a call to this destination took. */
  note(destinationId: string, tookMs: number): void;
  /** How long so many calls will take until the last of them has begun, at so many at once. 0 where nothing is known yet. */
  untilLastBeginsMs(destinationId: string, calls: number, atOnce: number): number;
};

/** What the last calls took, as a moving average by destination: a part is begun only where its sends can all be begun in time. */
export function createPace(): Pace {
  const averageMs = new Map<string, number>();
  return {
    note: (destinationId, tookMs) => {
      const before = averageMs.get(destinationId) ?? tookMs;
      averageMs.delete(destinationId);
      averageMs.set(destinationId, before + (tookMs - before) * NEWEST);
      const oldest = averageMs.keys().next();
      if (averageMs.size > DESTINATIONS_MAX && !oldest.done) averageMs.delete(oldest.value);
    },
    untilLastBeginsMs: (destinationId, calls, atOnce) =>
      Math.max(0, Math.ceil(calls / atOnce) - 1) * (averageMs.get(destinationId) ?? 0),
  };
}
