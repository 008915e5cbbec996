import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aDirectory } from '../builders/running-tributary.ts';
import { type Sizes, sizesOfBuild, total } from '../builders/web/sizes.ts';

/** In bytes gzipped, as everybody counts them; over the wire Brotli makes them less. */
const FIRST_SCRIPTS_MAX = 200_000;
const FIRST_STYLES_MAX = 25_000;
const LATER_STYLES_MAX = 32_000;
const PART_MAX = 45_000;
const EDITOR_MAX = 150_000;
/** The page, its script, the one of the colour scheme and its sheet: a request more is one that others wait for. */
const FIRST_FILES_MAX = 3;

let directory: string;
let sizes: Sizes;
beforeAll(async () => {
  directory = aDirectory();
  sizes = await sizesOfBuild(directory);
}, 60_000);

test('the first load is small, and few files', () => {
  const { scripts, styles } = sizes.first;
  expect(total(scripts)).toBeLessThanOrEqual(FIRST_SCRIPTS_MAX);
  expect(total(styles)).toBeLessThanOrEqual(FIRST_STYLES_MAX);
  expect(scripts.length + styles.length).toBeLessThanOrEqual(FIRST_FILES_MAX);
});

test('every page, drawer and dialog is small, the editor in its bound', () => {
  const editor = sizes.parts.filter(({ name }) => name.endsWith('json-editor-code.tsx'));
  expect(editor).toHaveLength(1);
  expect(total(editor)).toBeLessThanOrEqual(EDITOR_MAX);
  const others = sizes.parts.filter((part) => !editor.includes(part));
  expect(others.length).toBeGreaterThan(30);
  expect(others.filter(({ bytes }) => bytes > PART_MAX)).toEqual([]);
});

test('the later sheet holds the styles of every part, and no sheet lies there that nothing loads', () => {
  expect(sizes.later.bytes).toBeLessThanOrEqual(LATER_STYLES_MAX);
  const sheets = readdirSync(join(directory, 'assets')).filter((name) => name.endsWith('.css'));
  expect(new Set(sheets)).toEqual(new Set([...sizes.first.styles, sizes.later].map(({ name }) => name)));
  // A class of each sheet of ours that scripts name is in it.
  const later = readFileSync(join(directory, 'assets', sizes.later.name), 'utf8');
  const first = readFileSync(join(directory, 'assets', sizes.first.styles[0]?.name ?? ''), 'utf8');
  expect(later.length).toBeGreaterThan(first.length / 3);
  expect(later).toContain('mantine');
});

test('whatever is loaded later finds all that it imports', () => {
  const assets = join(directory, 'assets');
  const names = readdirSync(assets);
  const wanted = names
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => [
      ...readFileSync(join(assets, name), 'utf8').matchAll(/(?:from|import)\s*\(?"\.\/([\w.-]+\.js)"/g),
    ])
    .map(([, name = '']) => name);
  expect(wanted.length).toBeGreaterThan(100);
  expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
});
