/** Of 360. */
const HUES = 360;
/** Of a hue's colour, in percent; it stays as vivid, and becomes as dark as a white letter needs. */
const SATURATION = 55;
const LIGHTNESS_MAX = 48;
/** What WCAG 2.2 AA asks of text. */
export const CONTRAST_MIN = 4.5;

/**
 * The tile of a tool whose mark we do not have: its first letter, white, on a colour that follows from its name. The same name gives the same text, byte
 * for byte.
 */
export function monogram(name: string): string {
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? '?';
  const colour = tileColour(hueOf(name));
  const font = 'font-family="system-ui,Arial,sans-serif" font-size="34" font-weight="600"';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="${colour}"/><text x="32" y="44" text-anchor="middle" ${font} fill="#fff">${letter}</text></svg>`;
}

/** FNV-1a over the characters. */
function hueOf(name: string): number {
  let hash = 2_166_136_261;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return hash % HUES;
}

/** The lightest colour of the hue, as `#rrggbb`, on which white can be read. */
function tileColour(hue: number): string {
  for (let lightness = LIGHTNESS_MAX; lightness > 0; lightness -= 1) {
    const colour = rgbOf(hue, SATURATION / 100, lightness / 100);
    if (contrastWithWhite(colour) >= CONTRAST_MIN) return hexOf(colour);
  }
  return '#000000';
}

type Rgb = readonly [red: number, green: number, blue: number];

const hexOf = (colour: Rgb): string =>
  `#${colour
    .map((channel) =>
      Math.round(channel * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

/** Channels from 0 to 1 (CSS Color 4, hsl to rgb). */
function rgbOf(hue: number, saturation: number, lightness: number): Rgb {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const place = (offset + hue / 30) % 12;
    return lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

/** WCAG's ratio, 1 to 21. */
export function contrastWithWhite(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) =>
    channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
