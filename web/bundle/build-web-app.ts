import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build as bundle, type Metafile, type Plugin } from 'esbuild';
import { DEEP_IMPORTS } from './deep-imports.ts';
import { writeManual } from './manual.ts';

const HERE = import.meta.dirname;
const SOURCE = join(HERE, '..', 'src');
const HASH_CHARS = 8;

/** What a build made: for budgets and tests. */
export type WebBuild = { metafile: Metafile };

/**
 * Builds the web app into `outDirectory`, which is emptied first: `index.html` and `favicon.svg` at its root, all else under `assets/` by names that
 * hold a hash of the content, and the manual under `manual/`. One build serves every deployment: where its API is, the app reads from `/config.json`.
 */
export async function buildWebApp(outDirectory: string): Promise<WebBuild> {
  await rm(outDirectory, { recursive: true, force: true });
  await mkdir(join(outDirectory, 'assets'), { recursive: true });
  const { metafile } = await bundle({
    entryPoints: { app: join(SOURCE, 'main.tsx') },
    outdir: outDirectory,
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    metafile: true,
    legalComments: 'none',
    logLevel: 'silent',
    absWorkingDir: join(HERE, '..', '..'),
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [ALL_STYLES, DEEP_IMPORTS],
  });
  const schemeScript = await writeHashed(outDirectory, join(SOURCE, 'colour-scheme.js'));
  await writeFile(join(outDirectory, 'favicon.svg'), await readFile(join(SOURCE, 'favicon.svg')));
  await writeFile(join(outDirectory, 'index.html'), await pageOf(metafile, schemeScript));
  await writeManual(outDirectory);
  return { metafile };
}

async function pageOf(metafile: Metafile, schemeScript: string): Promise<string> {
  const [path, entry] =
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith('main.tsx')) ?? [];
  if (path === undefined || entry?.cssBundle === undefined) throw new Error('The build has no entry, or no styles');
  const asset = (output: string): string => `/assets/${basename(output)}`;
  const early = entry.imports
    .filter(({ kind }) => kind === 'import-statement')
    .map(({ path }) => `<link rel="modulepreload" href="${asset(path)}">`);
  return (await readFile(join(SOURCE, 'index.html'), 'utf8'))
    .replace('%styles%', asset(entry.cssBundle))
    .replace('%scheme%', schemeScript)
    .replace('%early%', early.join(''))
    .replace('%app%', asset(path));
}

async function writeHashed(outDirectory: string, file: string): Promise<string> {
  const { code } = await minified(file);
  const hash = createHash('sha256').update(code).digest('hex').slice(0, HASH_CHARS);
  const path = `/assets/${basename(file, '.js')}-${hash}.js`;
  await writeFile(join(outDirectory, path), code);
  return path;
}

async function minified(file: string): Promise<{ code: string }> {
  const { outputFiles } = await bundle({ entryPoints: [file], minify: true, write: false, format: 'iife' });
  return { code: outputFiles[0]?.text ?? '' };
}

/**
 * esbuild gives the styles of a part that is loaded later a file of its own, which nothing loads. So the entry imports them all: a module keeps its names
 * wherever it is imported, and all of ours together are a few kilobytes.
 */
const ALL_STYLES: Plugin = {
  name: 'all styles',
  setup: (build) => {
    build.onResolve({ filter: /^all-styles$/ }, () => ({ path: 'all-styles', namespace: 'all-styles' }));
    build.onLoad({ filter: /.*/, namespace: 'all-styles' }, async () => {
      const names = await readdir(SOURCE, { recursive: true });
      const modules = names.filter((name) => name.endsWith('.module.css')).toSorted();
      return {
        contents: modules.map((name) => `import ${JSON.stringify(join(SOURCE, name))};`).join('\n'),
        resolveDir: SOURCE,
      };
    });
  },
};
