/** Longest file of a logo, in bytes; a longer one is not taken. */
export const LOGO_BYTES_MAX = 16_384;
/** Elements that draw or are drawn with. Whatever else there is goes with all that is in it: scripts, styles, links, animation, foreign content. */
const ELEMENTS = new Set(
  'svg g path circle ellipse rect line polygon polyline defs use symbol clipPath mask linearGradient radialGradient stop'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  `id d x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy width height points transform viewBox offset fill stroke opacity style
  fill-opacity fill-rule clip-rule clip-path mask stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity
  stroke-dasharray stop-color stop-opacity gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits
  preserveAspectRatio href xlink:href`.split(/\s+/),
);
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<![^>]*>|<\/([\w:-]+)\s*>|<([\w:-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|[^<]+/gy;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
/** Characters of numbers, colours, paths, names and references within the file; no slash, no quote, no entity. */
const VALUE = /^[\w\s:;#.,%()+-]*$/;
const REFERENCE = /url\(\s*(?!#)/i;

/**
 * A logo as it may be served: only shapes, and references within the file. `undefined` where it cannot be read as that, has no size, or is too
 * long. A mark of near-black alone is drawn in a light colour where the reader's scheme is dark.
 */
export function cleanSvg(text: string): string | undefined {
  const classes = classesIn(text);
  const pieces: string[] = [];
  const open: string[] = [];
  /** How deep in something that is left out. */
  let left = 0;
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    end = TOKEN.lastIndex;
    const [, closed, opened, attributes = '', selfClosed] = token;
    if (closed !== undefined) {
      if (open.pop() !== closed) return undefined;
      if (left > 0) left -= 1;
      else pieces.push(`</${closed}>`);
    } else if (opened !== undefined) {
      const isKept = left === 0 && ELEMENTS.has(opened);
      if (isKept)
        pieces.push(`<${opened}${attributesOf(opened, attributes, classes, open.length === 0)}${selfClosed ?? ''}>`);
      if (selfClosed !== '/') {
        open.push(opened);
        if (!isKept) left += 1;
      }
    }
  }
  const svg = inTheDark(pieces.join(''));
  const isWhole = end === text.length && open.length === 0 && /^<svg [^>]*viewBox="[\d\s.-]+"/.test(svg);
  return isWhole && Buffer.byteLength(svg) <= LOGO_BYTES_MAX ? svg : undefined;
}

const STYLE = /<style[^>]*>([\s\S]*?)<\/style>/g;
const RULE = /([^{}]+)\{([^{}]*)\}/g;

/** What style sheets in the file say of classes, as attributes: the sheets themselves are left out. */
function classesIn(text: string): ReadonlyMap<string, [name: string, value: string][]> {
  const classes = new Map<string, [string, string][]>();
  for (const [, sheet = ''] of text.matchAll(STYLE)) {
    for (const [, selectors = '', body = ''] of sheet.matchAll(RULE)) {
      const declared = body.split(';').map((each): [string, string] => {
        const [name = '', value = ''] = each.split(':').map((part) => part.trim());
        return [name, value];
      });
      for (const selector of selectors.split(',').map((each) => each.trim())) {
        if (/^\.[\w-]+$/.test(selector))
          classes.set(selector.slice(1), [...(classes.get(selector.slice(1)) ?? []), ...declared]);
      }
    }
  }
  return classes;
}

function attributesOf(element: string, text: string, classes: ReturnType<typeof classesIn>, isRoot: boolean): string {
  const found = new Map<string, string>();
  const given = [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]): [string, string] => [
    name,
    (double ?? single ?? '').replaceAll(/\s+/g, ' ').trim(),
  ]);
  const ofClasses = given
    .filter(([name]) => name === 'class')
    .flatMap(([, names]) => names.split(' ').flatMap((each) => classes.get(each) ?? []));
  // A style sheet goes before attributes.
  for (const [name, value] of [...given, ...ofClasses]) {
    if (!ATTRIBUTES.has(name) || !VALUE.test(value) || REFERENCE.test(value)) continue;
    if (name.endsWith('href') && !value.startsWith('#')) continue;
    found.set(name === 'xlink:href' ? 'href' : name, value);
  }
  if (isRoot && element === 'svg') {
    const [width, height] = [found.get('width'), found.get('height')].map((each) => Number.parseFloat(each ?? ''));
    // Where it is shown says how large.
    for (const name of ['width', 'height', 'x', 'y', 'id', 'style']) found.delete(name);
    const viewBox = found.get('viewBox') ?? (width && height ? `0 0 ${width} ${height}` : '');
    found.delete('viewBox');
    return ` xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}"${written(found)}`;
  }
  return written(found);
}

const written = (attributes: ReadonlyMap<string, string>): string =>
  [...attributes].map(([name, value]) => ` ${name}="${value}"`).join('');

/** The only style that a logo has: of a mark that could not be seen on a dark page. */
export const DARK_STYLE = '<style>svg{color:#1f2328}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}</style>';
const COLOUR = / (?:fill|stroke|stop-color)="([^"]*)"/g;
/** Of 255, a channel's most in a colour that counts as near-black. */
const DARK_CHANNEL_MAX = 56;

function inTheDark(svg: string): string {
  if (/ style="/.test(svg)) return svg;
  const colours = [...svg.matchAll(COLOUR)].map(([, colour = '']) => colour).filter((colour) => colour !== 'none');
  if (!colours.every(isNearBlack)) return svg;
  return svg
    .replaceAll(COLOUR, (whole, colour: string) => (colour === 'none' ? whole : whole.replace(colour, 'currentColor')))
    .replace(/^<svg ((?:(?! fill=)[^>])*)>/, '<svg fill="currentColor" $1>')
    .replace(/^(<svg [^>]*>)/, `$1${DARK_STYLE}`)
    .replace(/^<svg fill="currentColor" (.*?)>/, '<svg $1 fill="currentColor">');
}

function isNearBlack(colour: string): boolean {
  if (colour === 'currentColor' || colour === 'black') return true;
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1];
  if (hex === undefined) return false;
  const digits = hex.length === 3 ? hex.replaceAll(/./g, '$&$&') : hex;
  return [0, 2, 4].every((at) => Number.parseInt(digits.slice(at, at + 2), 16) <= DARK_CHANNEL_MAX);
}
