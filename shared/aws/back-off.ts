import { setTimeout as wait } from 'node:timers/promises';

/** First pause, doubled each time; with full jitter, so that callers who failed together do not come back together. */
const FIRST_PAUSE_MS = 25;

/** Waits before the next try of part of a batch that AWS left undone (the SDK retries whole calls only). `round` counts from 0. */
export const backOff = async (round: number): Promise<void> => {
  await wait(Math.random() * FIRST_PAUSE_MS * 2 ** round);
};
