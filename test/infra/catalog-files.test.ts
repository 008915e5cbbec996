import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../../infra/build/bundle.ts';
import { buildCatalogFiles, CATALOG_BYTES_MAX, layCatalog } from '../../infra/build/catalog-files.ts';
import { catalogReader } from '../../shared/catalog/catalog-reader.ts';
import { toDestinationMetadata } from '../../shared/catalog/destination-metadata.ts';
import { findDefinition, SLUGS } from '../../shared/destinations/catalog.ts';

/** What Lambda lets a function answer, less a quarter for the envelope and escapes. */
const ANSWER_BYTES_MAX = 4_500_000;

const root = mkdtempSync(join(tmpdir(), 'tributary-catalog-files-'));
afterAll(() => rmSync(root, { recursive: true }));
const built = join(root, 'catalog');
const textsIn = (directory: string) =>
  new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]));

beforeAll(() => buildCatalogFiles(built), 60_000);

test('a file for each type of destination and an index are laid, small enough to go with a function', () => {
  const texts = textsIn(built);
  expect([...texts.keys()].toSorted()).toEqual(
    [...SLUGS.map((slug) => `${slug}.json`), 'index.json', 'inputs.sha256'].toSorted(),
  );
  const bytes = [...texts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(bytes).toBeLessThan(CATALOG_BYTES_MAX);
  expect(Buffer.byteLength(texts.get('index.json') ?? '')).toBeLessThan(150_000);
});

test('built again elsewhere they are the same, byte for byte; built again there nothing is done', async () => {
  const again = join(root, 'again');
  await expect(buildCatalogFiles(again)).resolves.toBe(true);
  expect(textsIn(again)).toEqual(textsIn(built));
  const { mtimeMs } = statSync(join(again, 'index.json'));
  await expect(buildCatalogFiles(again)).resolves.toBe(false);
  expect(statSync(join(again, 'index.json')).mtimeMs).toBe(mtimeMs);
  // Made of other inputs, or cut off before the last file.
  writeFileSync(join(again, 'inputs.sha256'), '0');
  await expect(buildCatalogFiles(again)).resolves.toBe(true);
  expect(textsIn(again)).toEqual(textsIn(built));
}, 60_000);

test('what the reader gives is the definition as its code has it, and all of it in Segment’s shape is one answer', async () => {
  const reader = catalogReader(built);
  const index = await reader.list();
  expect(index.map(({ slug }) => slug).toSorted()).toEqual(SLUGS.toSorted());
  const answers: unknown[] = [];
  for (const { id, slug } of index) {
    const entry = await reader.get(id);
    const { actions, ...definition } = JSON.parse(JSON.stringify(await findDefinition(slug)));
    expect(entry).toMatchObject(definition);
    expect(entry?.actions.map(({ id: _id, ...action }) => action)).toEqual(actions);
    if (entry !== undefined) answers.push(toDestinationMetadata(entry, { cdnUrl: 'https://d1.cloudfront.net' }));
  }
  expect(Buffer.byteLength(JSON.stringify(answers))).toBeLessThan(ANSWER_BYTES_MAX);
}, 60_000);

test('beside a bundle they are laid once, anew after a change, and whole after a build that was cut off', async () => {
  const bundle = join(root, 'api');
  const laid = join(bundle, 'catalog');
  await layCatalog(built, bundle);
  expect(textsIn(laid)).toEqual(textsIn(built));
  const { mtimeMs } = statSync(join(laid, 'index.json'));
  await layCatalog(built, bundle);
  expect(statSync(join(laid, 'index.json')).mtimeMs).toBe(mtimeMs);

  rmSync(join(laid, 'inputs.sha256'));
  rmSync(join(laid, 'mixpanel.json'));
  writeFileSync(join(laid, 'no-longer.json'), '{}');
  await layCatalog(built, bundle);
  expect(textsIn(laid)).toEqual(textsIn(built));

  // esbuild's step empties the directory when it bundles anew.
  rmSync(bundle, { recursive: true });
  await layCatalog(built, bundle);
  expect(textsIn(laid)).toEqual(textsIn(built));
});

test('a bundled function finds them beside itself, wherever it lies', async () => {
  const functions = join(root, 'functions');
  mkdirSync(join(functions, 'shop'), { recursive: true });
  const reader = join(import.meta.dirname, '..', '..', 'shared', 'catalog', 'catalog-reader.ts');
  writeFileSync(
    join(functions, 'shop', 'handler.ts'),
    `import { join } from 'node:path';
import { catalogReader } from ${JSON.stringify(reader)};
const catalog = catalogReader(join(import.meta.dirname, 'catalog'));
export const handler = async (name) => (await catalog.get(name))?.name;`,
  );
  const out = join(root, 'bundles');
  await bundleFunctions(out, functions);
  await layCatalog(built, join(out, 'shop'));
  const script = `import(${JSON.stringify(join(out, 'shop', 'index.mjs'))}).then(async ({ handler }) => console.log(await handler('actions-amplitude'), await handler('../index')))`;
  const answer = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: tmpdir() });
  expect(answer.trim()).toBe('Amplitude undefined');
}, 60_000);
