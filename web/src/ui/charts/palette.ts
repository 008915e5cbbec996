/** A colour of the theme's scale, one shade for each colour scheme. */
export type Shades = { hue: string; light: number; dark: number };

/**
 * Colours of series, in order. Each has at least 3:1 against the page in both schemes (test/unit/web/ui/charts/palette.test.ts
 * measures it); neighbours differ in hue and in lightness, so that stacked bands can be told apart.
 */
export const SERIES_SHADES: readonly Shades[] = [
  { hue: 'indigo', light: 6, dark: 4 },
  { hue: 'teal', light: 8, dark: 4 },
  { hue: 'orange', light: 8, dark: 5 },
  { hue: 'grape', light: 6, dark: 3 },
  { hue: 'cyan', light: 9, dark: 3 },
  { hue: 'pink', light: 6, dark: 5 },
  { hue: 'lime', light: 9, dark: 4 },
  { hue: 'violet', light: 9, dark: 4 },
  { hue: 'blue', light: 7, dark: 6 },
];

/** What a colour says, beside a word or a shape that says the same. */
export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'idle';

/** Colours with a meaning. */
export const TONE_SHADES: Readonly<Record<Tone, Shades>> = {
  neutral: { hue: 'indigo', light: 6, dark: 4 },
  good: { hue: 'teal', light: 8, dark: 4 },
  warn: { hue: 'orange', light: 8, dark: 5 },
  bad: { hue: 'red', light: 8, dark: 5 },
  idle: { hue: 'gray', light: 6, dark: 6 },
};

/** The CSS colour that follows the scheme. */
export const cssColor = ({ hue, light, dark }: Shades): string =>
  `light-dark(var(--mantine-color-${hue}-${light}), var(--mantine-color-${hue}-${dark}))`;

/** The CSS colour of a tone. */
export const toneColor = (tone: Tone): string => cssColor(TONE_SHADES[tone]);

/** The colour of the series at that place; beyond the last one they begin anew. */
export function seriesColor(index: number): string {
  const shades = SERIES_SHADES[index % SERIES_SHADES.length];
  return shades === undefined ? 'currentColor' : cssColor(shades);
}
