import type { OAuthAppId, SourceId } from '../domain/ids.ts';

/** Who has a limit: a source of its requests, an OAuth app of the tokens that it asks for. */
export type LimitedId = SourceId | OAuthAppId;

/**
 * One moment for each source that sends much: when all requests that were let through would have been due, had they come evenly at the source's
 * limit. The further it lies ahead, the less may pass. Milliseconds since the epoch. Both calls are conditional and change nothing where they do
 * not hold; then they tell what the moment is (`undefined`: there is none yet).
 */
export type RateClocks = {
  /** Sets it to `toMs` where it is absent or not after `ifNotAfterMs`. */
  set(id: LimitedId, toMs: number, ifNotAfterMs: number): Promise<RateMove>;
  /** Moves it on by `byMs` where it lies after `ifAfterMs` and not after `ifNotAfterMs`. */
  advance(id: LimitedId, byMs: number, ifAfterMs: number, ifNotAfterMs: number): Promise<RateMove>;
};

export type RateMove = { outcome: 'moved'; atMs: number } | { outcome: 'refused'; atMs: number | undefined };
