import type { SourceId } from '../domain/ids.ts';

/**
 * One moment for each source that sends much: when all requests that were let through would have been due, had they come evenly at the source's
 * limit. The further it lies ahead, the less may pass. Milliseconds since the epoch. Both calls are conditional and change nothing where they do
 * not hold; then they tell what the moment is (`undefined`: there is none yet).
 */
export type RateClocks = {
  /** Sets it to `toMs` where it is absent or not after `ifNotAfterMs`. */
  set(sourceId: SourceId, toMs: number, ifNotAfterMs: number): Promise<RateMove>;
  /** Moves it on by `byMs` where it lies after `ifAfterMs` and not after `ifNotAfterMs`. */
  advance(sourceId: SourceId, byMs: number, ifAfterMs: number, ifNotAfterMs: number): Promise<RateMove>;
};

export type RateMove = { outcome: 'moved'; atMs: number } | { outcome: 'refused'; atMs: number | undefined };
