import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { xml2js } from 'xml-js';
import { cleanSvg, LOGO_BYTES_MAX } from '../../../../cli/logos/clean-svg.ts';
import { LOGO_SOURCES } from '../../../../cli/logos/logo-sources.ts';
import { logoFiles } from '../../../../shared/catalog/logo-files.ts';
import { CONTRAST_MIN, contrastWithWhite, monogram } from '../../../../shared/catalog/monogram.ts';
import { SOURCE_CATALOG } from '../../../../shared/catalog/source-catalog.ts';
import { SLUGS } from '../../../../shared/destinations/catalog.ts';

const MARKS = join(process.cwd(), 'shared/catalog/logos');
let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  files = await logoFiles();
});

type Element = { name?: string; attributes?: Record<string, string>; elements?: Element[]; text?: string };
const allOf = (element: Element): Element[] => [element, ...(element.elements ?? []).flatMap(allOf)];

/** All that an SVG of ours may hold. */
const MAY_HOLD = new Set(
  `svg style g path circle ellipse rect line polygon polyline defs use symbol clipPath mask linearGradient radialGradient stop text`.split(
    ' ',
  ),
);

test('everything in the catalog has a picture of 16 KB at most', () => {
  const slugs = new Set([...SLUGS, ...SOURCE_CATALOG.map(({ slug }) => slug)]);
  expect([...files.keys()].toSorted()).toEqual([...slugs].map((slug) => `${slug}.svg`).toSorted());
  for (const [name, text] of files) expect([name, Buffer.byteLength(text) <= LOGO_BYTES_MAX]).toEqual([name, true]);
});

test('T15: no picture runs, loads or points at anything', () => {
  for (const [name, text] of files) {
    const document = xml2js(text, { compact: false }) as Element;
    const elements = (document.elements ?? []).flatMap(allOf);
    expect([name, elements[0]?.name, document.elements?.length]).toEqual([name, 'svg', 1]);
    for (const { name: tag, attributes = {} } of elements.filter((each) => each.name !== undefined)) {
      expect([name, MAY_HOLD.has(tag ?? ''), tag]).toEqual([name, true, tag]);
      for (const [attribute, value] of Object.entries(attributes)) {
        expect([name, attribute, /^on/i.test(attribute)]).toEqual([name, attribute, false]);
        if (/href$/i.test(attribute)) expect([name, value]).toEqual([name, expect.stringMatching(/^#/)]);
        if (attribute !== 'xmlns') expect([name, /[a-z]+:\/\/|javascript:|data:/i.test(value)]).toEqual([name, false]);
      }
    }
    expect([name, /<!|<\?|&|@import|url\(\s*(?!#)/i.test(text)]).toEqual([name, false]);
  }
});

test('each mark that is committed is of a line in the table, and the other way round', () => {
  expect(readdirSync(MARKS).toSorted()).toEqual(LOGO_SOURCES.map(({ slug }) => `${slug}.svg`).toSorted());
  for (const { slug } of LOGO_SOURCES) expect([slug, files.has(`${slug}.svg`)]).toEqual([slug, true]);
  expect(files.get('mixpanel.svg')).not.toContain('<text');
  expect(files.get('accoil-analytics.svg')).toContain('>A</text>');
});

test('a monogram follows from the name alone, and its letter can be read on every colour', () => {
  expect(monogram('Accoil Analytics')).toBe(monogram('Accoil Analytics'));
  const colours = new Set<string>();
  for (let at = 0; at < 2_000; at += 1) {
    const [, colour = ''] = /rx="12" fill="(#[0-9a-f]{6})"/.exec(monogram(`Tool ${at}`)) ?? [];
    colours.add(colour);
    const channels = [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16) / 255);
    // Rounded to 256 steps, a channel is off by a five-hundredth at most.
    expect(contrastWithWhite(channels as [number, number, number])).toBeGreaterThan(CONTRAST_MIN - 0.05);
  }
  expect(colours.size).toBeGreaterThan(200);
});

test.each([
  ['<script>alert(1)</script>', 'S'],
  ['  .NET', 'N'],
  ['1plusX', '1'],
  ['éclair', 'É'],
  ['—', '?'],
])('the letter of %j is %s', (name, letter) => {
  expect(monogram(name)).toContain(`>${letter}</text>`);
  expect(cleanSvg(monogram(name))).toBeDefined();
});
