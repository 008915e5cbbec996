/** Favourites of one person in one workspace: all that the app remembers of them has 16 KB. */
export const FAVOURITES_MAX = 40;

/** Ids among what is remembered; whatever else it is, it is none. */
export const idsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string').slice(0, FAVOURITES_MAX) : [];

/** The list with one more, or without it. */
export const toggled = (ids: readonly string[], id: string): string[] =>
  ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
