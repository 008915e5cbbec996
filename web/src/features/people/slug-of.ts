/** As the API takes slugs. */
const SLUG_CHARS_MAX = 64;

/** A slug made of a name: `Crème & Brûlée Ltd.` as `creme-brulee-ltd`. Empty where nothing of it is left. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_CHARS_MAX)
    .replaceAll(/^-+|-+$/g, '');
