import { CODES_KNOWN_IN_ALL_MAX, CODES_KNOWN_MAX, type WatchState } from './alert-notes.ts';
import { NEW_ERROR_DAYS, NEW_ERROR_MINUTES } from './alert-readings.ts';
import type { Digest } from './digest.ts';
import { hourPlus, minutePlus } from './timestamp.ts';

export type Codes = NonNullable<WatchState['codes']>;
const HOUR_CHARS = 'YYYY-MM-DDTHH'.length;

/**
 * What is known of codes once the sums of some hours were seen, at `minute`. A code that was not seen in NEW_ERROR_DAYS is forgotten, and new when it comes
 * again. Order of hours and repeats change nothing. Beyond the bounds the codes that were seen last stay.
 */
export function noteCodes(known: Codes, hours: ReadonlyMap<string, Digest>, minute: string): Codes {
  const oldest = hourPlus(minute.slice(0, HOUR_CHARS), -NEW_ERROR_DAYS * 24);
  const next = new Map<string, Map<string, { first: string; last: string }>>();
  for (const [id, codes] of Object.entries(known)) {
    const kept = Object.entries(codes).filter(([, { last }]) => last >= oldest);
    if (kept.length > 0) next.set(id, new Map(kept));
  }
  for (const [hour, { destinations }] of hours) {
    if (hour < oldest) continue;
    for (const [id, { failedTries }] of Object.entries(destinations)) {
      for (const code of Object.keys(failedTries)) {
        const codes = next.get(id) ?? new Map<string, { first: string; last: string }>();
        const seen = codes.get(code);
        // Of an hour that is long over it was no news when it was seen now.
        const first = seen?.first ?? (hour < minute.slice(0, HOUR_CHARS) ? `${hour}:59` : minute);
        codes.set(code, { first, last: seen === undefined || hour > seen.last ? hour : seen.last });
        next.set(id, codes);
      }
    }
  }
  return bounded(next);
}

function bounded(codes: ReadonlyMap<string, ReadonlyMap<string, { first: string; last: string }>>): Codes {
  const all = [...codes].flatMap(([id, each]) =>
    [...each]
      .toSorted(([, a], [, b]) => (a.last > b.last ? -1 : 1))
      .slice(0, CODES_KNOWN_MAX)
      .map(([code, seen]) => ({ id, code, seen })),
  );
  const kept =
    all.length <= CODES_KNOWN_IN_ALL_MAX
      ? all
      : all.toSorted((a, b) => (a.seen.last > b.seen.last ? -1 : 1)).slice(0, CODES_KNOWN_IN_ALL_MAX);
  const result: Record<string, Record<string, { first: string; last: string }>> = {};
  for (const { id, code, seen } of kept) {
    const own = Object.hasOwn(result, id) ? (result[id] ?? {}) : {};
    result[id] = { ...own, [code]: seen };
  }
  return result;
}

/** Codes that were seen first in the last NEW_ERROR_MINUTES, by destination. */
export function newErrorsOf(codes: Codes, minute: string): Record<string, string[]> {
  const since = minutePlus(minute, -NEW_ERROR_MINUTES);
  return Object.fromEntries(
    Object.entries(codes).flatMap(([id, each]): [string, string[]][] => {
      const fresh = Object.entries(each)
        .filter(([, { first }]) => first > since)
        .map(([code]) => code);
      return fresh.length === 0 ? [] : [[id, fresh]];
    }),
  );
}
