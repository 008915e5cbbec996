/** Lines that one person does not want to see, by `lineKey`, until when. In their preferences, so that every browser knows. */
export type Mutes = Readonly<Record<string, string>>;

/** Preferences have 16 KB for everything. */
export const MUTES_MAX = 60;
const KEY_CHARS_MAX = 200;

/** What preferences hold under `healthMuted`; what is over or cannot be read is left out. */
export function mutesIn(preference: unknown, nowMs: number): Mutes {
  if (typeof preference !== 'object' || preference === null) return {};
  const kept = Object.entries(preference).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && Date.parse(entry[1]) > nowMs,
  );
  return Object.fromEntries(kept.slice(0, MUTES_MAX));
}

/** With one more; where there are too many, those that end first go. */
export function withMute(mutes: Mutes, key: string, until: string): Mutes {
  const entries = Object.entries({ ...mutes, [key.slice(0, KEY_CHARS_MAX)]: until });
  return Object.fromEntries(entries.toSorted((a, b) => b[1].localeCompare(a[1])).slice(0, MUTES_MAX));
}

export const withoutMute = (mutes: Mutes, key: string): Mutes =>
  Object.fromEntries(Object.entries(mutes).filter(([one]) => one !== key.slice(0, KEY_CHARS_MAX)));

export const isMuted = (mutes: Mutes, key: string): boolean => Object.hasOwn(mutes, key.slice(0, KEY_CHARS_MAX));
