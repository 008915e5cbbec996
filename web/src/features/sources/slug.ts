/** Characters of a slug, as the API takes them. */
const SLUG_CHARS_MAX = 64;
/** Tries of a number behind a slug that is taken; a workspace has fewer sources. */
const NUMBERS_MAX = 1_000;

/** The slug that a name suggests: small letters, digits and -, one that no source has yet. Empty where a name has none of these. */
export function slugOf(name: string, taken: ReadonlySet<string>): string {
  const base = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_CHARS_MAX)
    .replaceAll(/^-+|-+$/g, '');
  if (base === '' || !taken.has(base)) return base;
  for (let number = 2; number < NUMBERS_MAX; number += 1) {
    const end = `-${number}`;
    const next = `${base.slice(0, SLUG_CHARS_MAX - end.length)}${end}`;
    if (!taken.has(next)) return next;
  }
  return base;
}

/** Why a slug will not do, in words; undefined where it will. */
export const slugFault = (slug: string): string | undefined =>
  /^[a-z0-9_-]{1,64}$/.test(slug) ? undefined : 'Small letters, digits, _ and -, at most 64';
