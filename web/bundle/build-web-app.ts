import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build as bundle, type Metafile, type Plugin } from 'esbuild';
import { DEEP_IMPORTS } from './deep-imports.ts';
import { writeManual } from './manual.ts';
import { mergeFirstLoad } from './merge-first-load.ts';

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
  const { metafile: unmerged } = await bundle({
    entryPoints: { app: join(SOURCE, 'main.tsx'), later: LATER },
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
    plugins: [LATER_STYLES, DEEP_IMPORTS],
  });
  const merged = await mergeFirstLoad(outDirectory, unmerged, entryOf(unmerged));
  const metafile = await withoutUnused(outDirectory, merged);
  const schemeScript = await writeHashed(outDirectory, join(SOURCE, 'colour-scheme.js'));
  await writeFile(join(outDirectory, 'favicon.svg'), await readFile(join(SOURCE, 'favicon.svg')));
  await writeFile(join(outDirectory, 'index.html'), await pageOf(metafile, schemeScript));
  await writeManual(outDirectory);
  return { metafile };
}

/** The file that the page loads. */
function entryOf({ outputs }: Metafile): string {
  const [path] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.endsWith('main.tsx')) ?? [];
  if (path === undefined) throw new Error('The build has no entry');
  return path;
}

const laterOf = ({ outputs }: Metafile): string | undefined =>
  Object.keys(outputs).find((path) => /\/later-\w+\.css$/.test(path));

async function pageOf(metafile: Metafile, schemeScript: string): Promise<string> {
  const path = entryOf(metafile);
  const entry = metafile.outputs[path];
  const later = laterOf(metafile);
  if (later === undefined || entry?.cssBundle === undefined) throw new Error('The build has no entry, or no styles');
  const asset = (output: string): string => `/assets/${basename(output)}`;
  return (await readFile(join(SOURCE, 'index.html'), 'utf8'))
    .replace('%styles%', asset(entry.cssBundle))
    .replace('%scheme%', schemeScript)
    .replace('%later%', asset(later))
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

/** Removes the sheets of single parts, which nothing loads: their styles are in the later one. */
async function withoutUnused(outDirectory: string, metafile: Metafile): Promise<Metafile> {
  const used = new Set([metafile.outputs[entryOf(metafile)]?.cssBundle, laterOf(metafile)]);
  const unused = Object.keys(metafile.outputs).filter((path) => path.endsWith('.css') && !used.has(path));
  await Promise.all(unused.map(async (path) => await rm(join(outDirectory, 'assets', basename(path)))));
  const left = Object.entries(metafile.outputs).filter(([path]) => !unused.includes(path));
  return { ...metafile, outputs: Object.fromEntries(left) };
}

/** Not a file: the style sheet that is made of `later-styles.css` and those of all parts. */
const LATER = 'later-styles-of-all';

/**
 * esbuild gives the styles of a part that is loaded later a file of its own, which nothing loads. So there are two sheets: what the first load needs, and one
 * of everything, which comes after it. A part keeps its names wherever its styles are imported.
 */
const LATER_STYLES: Plugin = {
  name: 'later styles',
  setup: (build) => {
    build.onResolve({ filter: new RegExp(`^${LATER}$`) }, () => ({ path: LATER, namespace: LATER }));
    build.onLoad({ filter: /.*/, namespace: LATER }, async () => {
      const names = await readdir(SOURCE, { recursive: true });
      const modules = names.filter((name) => name.endsWith('.module.css')).toSorted();
      return {
        contents: ['later-styles.css', ...modules]
          .map((name) => `@import ${JSON.stringify(join(SOURCE, name))};`)
          .join('\n'),
        loader: 'css',
        resolveDir: SOURCE,
      };
    });
  },
};
