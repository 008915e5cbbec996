import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLE_BYTES_MAX, bundleFunctions } from '../../infra/build/bundle.ts';
import { FUNCTION_LIMITS } from '../../infra/function-limits.ts';

const root = mkdtempSync(join(tmpdir(), 'tributary bundle '));
const out = join(root, 'out');
afterAll(() => rmSync(root, { recursive: true }));

/** A functions folder with one function that needs CommonJS, loads a part lazily, has an error class and a page. */
function someFunctions(): string {
  const directory = mkdtempSync(join(root, 'functions-'));
  const greet = join(directory, 'greet');
  mkdirSync(greet);
  mkdirSync(join(directory, 'no-handler'));
  writeFileSync(join(directory, 'no-handler', 'notes.ts'), 'export const notes = 1;');
  writeFileSync(
    join(greet, 'old.cjs'),
    "const { createHash } = require('node:crypto'); exports.hash = (text) => createHash('md5').update(text).digest('hex');",
  );
  writeFileSync(join(greet, 'lazy.ts'), "export const later: string = 'loaded when needed';");
  writeFileSync(join(greet, 'page.html'), '<p>hello</p>');
  writeFileSync(
    join(greet, 'handler.ts'),
    `import { hash } from './old.cjs';
import page from './page.html';
class QuiteLongErrorName extends Error {}
export const handler = async () => ({ hash: hash('a'), page, name: new QuiteLongErrorName().constructor.name, later: (await import('./lazy.ts')).later });`,
  );
  return directory;
}

test('a bundle runs on its own: CommonJS, lazy chunks, class names and pages work', async () => {
  const functions = someFunctions();
  const [bundle, ...others] = await bundleFunctions(out, functions);
  expect(others).toEqual([]);
  expect(bundle).toEqual({ name: 'greet', bytes: expect.any(Number), built: true });
  const entry = join(out, 'greet', 'index.mjs');
  rmSync(functions, { recursive: true });
  const script = `import(${JSON.stringify(entry)}).then(async ({ handler }) => console.log(JSON.stringify(await handler())))`;
  const answer: unknown = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
  expect(answer).toEqual({
    hash: '0cc175b9c0f1b6a831c399e269772661',
    page: '<p>hello</p>',
    name: 'QuiteLongErrorName',
    later: 'loaded when needed',
  });
  // The lazy part is a file of its own, and source maps hold no sources.
  expect(readdirSync(join(out, 'greet', 'chunks')).filter((file) => file.startsWith('lazy-'))).toHaveLength(2);
  expect(JSON.parse(readFileSync(`${entry}.map`, 'utf8'))).not.toHaveProperty('sourcesContent');
});

test('a bundle that speaks HTTP loads no second HTTP client at its start, which takes as long as an empty Node', async () => {
  const functions = someFunctions();
  writeFileSync(
    join(functions, 'greet', 'handler.ts'),
    "import { Agent, request } from 'node:http'; import https from 'https'; export const handler = async () => [typeof Agent, typeof request, typeof https.request];",
  );
  await bundleFunctions(join(root, 'lean'), functions);
  const entry = join(root, 'lean', 'greet', 'index.mjs');
  const script = `import(${JSON.stringify(entry)}).then(async ({ handler }) => console.log(JSON.stringify([await handler(), process.moduleLoadList.filter((name) => name.includes('undici'))])))`;
  const answer: unknown = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
  expect(answer).toEqual([['function', 'function', 'function'], []]);
});

test('unchanged inputs are left as they are, a changed one is built anew without the old chunks', async () => {
  const functions = someFunctions();
  const again = join(root, 'again');
  const chunks = () => readdirSync(join(again, 'greet', 'chunks')).toSorted();
  const [first] = await bundleFunctions(again, functions);
  const { mtimeMs } = statSync(join(again, 'greet', 'index.mjs'));
  await expect(bundleFunctions(again, functions)).resolves.toEqual([{ ...first, built: false }]);
  expect(statSync(join(again, 'greet', 'index.mjs')).mtimeMs).toBe(mtimeMs);

  const before = chunks();
  appendFileSync(join(functions, 'greet', 'lazy.ts'), "\nexport const more = 'changed';");
  writeFileSync(join(functions, 'greet', 'lazy.ts'), "export const later: string = 'changed';");
  const [changed] = await bundleFunctions(again, functions);
  expect(changed?.built).toBe(true);
  expect(chunks()).toHaveLength(before.length);
  expect(chunks()).not.toEqual(before);
});

test('a bundle that lost a file is built anew', async () => {
  const functions = someFunctions();
  const torn = join(root, 'torn');
  await bundleFunctions(torn, functions);
  rmSync(join(torn, 'greet', 'index.mjs'));
  await expect(bundleFunctions(torn, functions)).resolves.toMatchObject([{ built: true }]);
  expect(existsSync(join(torn, 'greet', 'index.mjs'))).toBe(true);
});

test('code that does not build is an error with file and line', async () => {
  const functions = someFunctions();
  writeFileSync(join(functions, 'greet', 'lazy.ts'), 'export const later = ;');
  await expect(bundleFunctions(join(root, 'broken'), functions)).rejects.toThrow(/greet\/lazy\.ts:1:21/);
});

test('the destinations’ core is in deliver’s bundle once, or rejected items would pass for delivered', async () => {
  await bundleFunctions(join(root, 'real'));
  const directory = join(root, 'real', 'deliver');
  const modules = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mjs'));
  const text = modules.map((file) => readFileSync(join(directory, file), 'utf8')).join('\n');
  // keepNames leaves each class's name behind its definition.
  expect(text.match(/"MultiStatusResponse"\)/g)).toHaveLength(1);
  expect(modules.filter((file) => /chunks\/(webhook|slack|amplitude)-[A-Z0-9]{8}\.mjs$/.test(file))).toHaveLength(3);
}, 60_000);

test('the sign-in page of the local cloud, with its button, is in no bundle', async () => {
  const directory = join(root, 'real');
  await bundleFunctions(directory);
  const modules = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mjs'));
  expect(modules.length).toBeGreaterThan(20);
  const found = modules.filter((file) =>
    /demo.?owner|oidc-provider|interactionFinished/i.test(readFileSync(join(directory, file), 'utf8')),
  );
  expect(found).toEqual([]);
}, 60_000);

test('each function has a bound, and its bundle is within it', async () => {
  expect(Object.keys(BUNDLE_BYTES_MAX).toSorted()).toEqual(Object.keys(FUNCTION_LIMITS).toSorted());
  const bundles = await bundleFunctions(join(root, 'real'));
  const tooLarge = bundles.filter(({ name, bytes }) => bytes > (BUNDLE_BYTES_MAX[name] ?? 0));
  expect(tooLarge).toEqual([]);
  expect(bundles.map(({ name }) => name)).toEqual(Object.keys(BUNDLE_BYTES_MAX).toSorted());
}, 60_000);
