import type { Source } from './workspace.ts';

/** Days without an enabled destination after which a source is switched off (A16). */
export const UNUSED_DAYS_MAX = 14;
const DAY_MS = 24 * 3_600_000;

/**
 * What becomes of a source that is looked at `now`; `undefined`: nothing. Days count from the first look that found it without an enabled destination,
 * and not from before `watchedSince`. Who switches a source on again, or had it off in between, gets as many days again.
 */
export function judgeUnused(
  source: Source,
  { isUsed, watchedSince, now }: { isUsed: boolean; watchedSince: string; now: Date },
): Source | undefined {
  const { unusedSince, ...rest } = source;
  if (isUsed || !source.enabled) return unusedSince === undefined ? undefined : rest;
  if (unusedSince === undefined || unusedSince < watchedSince) return { ...rest, unusedSince: now.toISOString() };
  if (now.getTime() - Date.parse(unusedSince) < UNUSED_DAYS_MAX * DAY_MS) return undefined;
  return { ...rest, enabled: false, updatedAt: now.toISOString() };
}
