import type { Clock } from '../types.ts';

/** An answer of an origin, as it is kept. */
export type OriginAnswer = { status: number; headers: Readonly<Record<string, string>>; body: Buffer };

export type Freshness = { minSeconds: number; defaultSeconds: number; maxSeconds: number };

/** Bytes that one distribution keeps; what was used longest ago makes room. */
export const CACHE_BYTES_MAX = 64 * 1024 * 1024;

type Entry = { answer: OriginAnswer; storedAtMs: number; freshUntilMs: number; staleUntilMs: number };

/**
 * How long CloudFront keeps an answer ("Managing how long content stays in the cache"): what the origin says within the policy's bounds, or the policy's
 * default; of an error, what the origin says or `errorSeconds`, whichever is more.
 */
export function freshSeconds(
  { status, headers }: OriginAnswer,
  { minSeconds, defaultSeconds, maxSeconds }: Freshness,
  errorSeconds: number,
): number {
  const cacheControl = headers['cache-control'] ?? '';
  const said = secondsOf(cacheControl, 's-maxage') ?? secondsOf(cacheControl, 'max-age');
  const isForbidden = /(?:^|[\s,])(?:no-store|no-cache|private)(?:$|[\s,=])/i.test(cacheControl);
  if (status >= 400) return isForbidden ? errorSeconds : Math.max(errorSeconds, said ?? 0);
  if (isForbidden) return minSeconds;
  return said === undefined ? Math.max(minSeconds, defaultSeconds) : Math.min(Math.max(said, minSeconds), maxSeconds);
}

/** How long after that it may stand in for an origin that fails. */
export const staleSeconds = ({ headers }: OriginAnswer): number =>
  secondsOf(headers['cache-control'] ?? '', 'stale-if-error') ?? 0;

function secondsOf(cacheControl: string, directive: string): number | undefined {
  const found = new RegExp(`(?:^|[\\s,])${directive}="?(\\d{1,10})`, 'i').exec(cacheControl)?.[1];
  return found === undefined ? undefined : Number(found);
}

export function edgeCache(clock: Clock, bytesMax: number = CACHE_BYTES_MAX) {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  const drop = (key: string): void => {
    bytes -= entries.get(key)?.answer.body.length ?? 0;
    entries.delete(key);
  };
  return {
    /** With its age; `undefined` where there is none, or none that is fresh. */
    fresh(key: string): { answer: OriginAnswer; ageSeconds: number } | undefined {
      const entry = entries.get(key);
      if (entry === undefined || clock.now() >= entry.freshUntilMs) return undefined;
      // Moved to the end: it was used last.
      entries.delete(key);
      entries.set(key, entry);
      return { answer: entry.answer, ageSeconds: Math.floor((clock.now() - entry.storedAtMs) / 1_000) };
    },
    /** What may stand in for an origin that fails. */
    stale(key: string): OriginAnswer | undefined {
      const entry = entries.get(key);
      return entry !== undefined && clock.now() < entry.staleUntilMs ? entry.answer : undefined;
    },
    store(key: string, answer: OriginAnswer, seconds: number): void {
      const nowMs = clock.now();
      drop(key);
      if (seconds <= 0 && staleSeconds(answer) <= 0) return;
      const freshUntilMs = nowMs + seconds * 1_000;
      const staleUntilMs = freshUntilMs + staleSeconds(answer) * 1_000;
      entries.set(key, { answer, storedAtMs: nowMs, freshUntilMs, staleUntilMs });
      bytes += answer.body.length;
      for (const oldest of entries.keys()) {
        if (bytes <= bytesMax) break;
        drop(oldest);
      }
    },
  };
}
