import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAppFiles } from '../../../../infra/build/app-files.ts';

let root: string;
let builds: number;
const at = (...path: string[]) => join(root, ...path);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tributary-app-files-'));
  builds = 0;
  mkdirSync(at('source', 'deep'), { recursive: true });
  mkdirSync(at('files', 'logos'), { recursive: true });
  writeFileSync(at('source', 'deep', 'app.ts'), 'one');
  writeFileSync(at('lock.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

const run = (build?: (out: string) => Promise<void>) =>
  buildAppFiles({
    cacheDirectory: at('cache'),
    pageDirectory: at('page'),
    hashedInto: at('files'),
    sources: [at('source'), at('lock.json')],
    build:
      build ??
      (async (out) => {
        builds += 1;
        mkdirSync(join(out, 'assets', 'fonts'), { recursive: true });
        writeFileSync(join(out, 'index.html'), `page ${builds}`);
        writeFileSync(join(out, 'favicon.svg'), 'icon');
        writeFileSync(join(out, 'assets', `app-${builds}.js`), 'script');
        writeFileSync(join(out, 'assets', 'fonts', 'f.woff2'), 'font');
      }),
  });

test('parts with hashes go to the files that are kept for ever, the rest to a directory of its own', async () => {
  await run();
  expect(readdirSync(at('page')).toSorted()).toEqual(['favicon.svg', 'index.html']);
  expect(readdirSync(at('files')).toSorted()).toEqual(['assets', 'logos']);
  expect(readdirSync(at('files', 'assets')).toSorted()).toEqual(['app-1.js', 'fonts']);
  expect(existsSync(at('files', 'assets', 'fonts', 'f.woff2'))).toBe(true);
});

test('what is unchanged is laid out again and not built again', async () => {
  expect(await run()).toEqual({ built: true });
  rmSync(at('files'), { recursive: true });
  writeFileSync(at('page', 'stray.html'), 'of before');
  expect(await run()).toEqual({ built: false });
  expect(builds).toBe(1);
  expect(readdirSync(at('page')).toSorted()).toEqual(['favicon.svg', 'index.html']);
  expect(readdirSync(at('files', 'assets')).toSorted()).toEqual(['app-1.js', 'fonts']);
});

test.each([
  ['a changed file', () => writeFileSync(at('source', 'deep', 'app.ts'), 'two')],
  ['a new file', () => writeFileSync(at('source', 'more.ts'), '')],
  ['another name', () => writeFileSync(at('source', 'deep', 'app.tsx'), 'one')],
  ['other libraries', () => writeFileSync(at('lock.json'), '{"v":2}')],
  ['a build that was cleared away', () => rmSync(at('cache', 'made'), { recursive: true })],
])('%s is a new build', async (_case, change) => {
  await run();
  change();
  expect(await run()).toEqual({ built: true });
  expect(readFileSync(at('page', 'index.html'), 'utf8')).toBe('page 2');
});

test('a build that fails is said, and is not taken for one the next time', async () => {
  await run();
  writeFileSync(at('source', 'deep', 'app.ts'), 'broken');
  await expect(
    run(async (out) => {
      writeFileSync(join(out, 'index.html'), 'half');
      throw new Error('app.ts: no');
    }),
  ).rejects.toThrow('app.ts: no');
  expect(await run()).toEqual({ built: true });
  expect(readFileSync(at('page', 'index.html'), 'utf8')).toBe('page 2');
});
