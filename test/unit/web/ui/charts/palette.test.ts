import { DEFAULT_THEME } from '@mantine/core';
import {
  cssColor,
  SERIES_SHADES,
  seriesColor,
  TONE_SHADES,
  toneColor,
} from '../../../../../web/src/ui/charts/palette.ts';

/** Contrast that lines and areas with a meaning need (WCAG 1.4.11). */
const CONTRAST_MIN = 3;
/** What charts stand on; the darkest text surface of the app is darker than this one, so contrast there is higher. */
const PAGE = { light: '#ffffff', dark: '#242424' } as const;

const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (one: string, other: string): number => {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

const shadeOf = (hue: string, shade: number): string => DEFAULT_THEME.colors[hue]?.[shade] ?? '';

test.each([...SERIES_SHADES, ...Object.values(TONE_SHADES)])(
  '$hue $light/$dark can be seen in both schemes',
  (shades) => {
    expect(contrast(shadeOf(shades.hue, shades.light), PAGE.light)).toBeGreaterThanOrEqual(CONTRAST_MIN);
    expect(contrast(shadeOf(shades.hue, shades.dark), PAGE.dark)).toBeGreaterThanOrEqual(CONTRAST_MIN);
  },
);

test('colours are variables of the theme, and begin anew behind the last one', () => {
  expect(cssColor({ hue: 'teal', light: 8, dark: 4 })).toBe(
    'light-dark(var(--mantine-color-teal-8), var(--mantine-color-teal-4))',
  );
  expect(seriesColor(SERIES_SHADES.length)).toBe(seriesColor(0));
  expect(toneColor('bad')).toContain('red');
});
