import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildWebApp, type WebBuild } from '../../../web/bundle/build-web-app.ts';
import { loadedWith } from '../../../web/bundle/merge-first-load.ts';

/** A file that the browser loads when a page or a part is opened, in bytes gzipped. */
export type Part = { name: string; bytes: number };
export type Sizes = {
  /** What the page loads before the overview is there: names of its files, and their bytes gzipped. */
  first: { scripts: Part[]; styles: Part[] };
  /** The sheet that follows. */
  later: Part;
  /** Entries that are loaded by a route, a drawer or an editor, largest first; what several share not counted. */
  parts: Part[];
};

/** Builds the app into a directory and weighs what came of it. */
export async function sizesOfBuild(directory: string): Promise<Sizes> {
  const { metafile } = await buildWebApp(directory);
  const page = readFileSync(join(directory, 'index.html'), 'utf8');
  const [entry] = outputsOf(metafile).find(([, { entryPoint }]) => entryPoint?.endsWith('main.tsx')) ?? [];
  if (entry === undefined) throw new Error('The build has no entry');
  const weigh = (name: string): Part => ({
    name,
    bytes: gzipSync(readFileSync(join(directory, 'assets', basename(name)))).length,
  });
  const named = (pattern: RegExp): string[] => [...page.matchAll(pattern)].map(([, name = '']) => name);
  const scripts = new Set([
    ...[...loadedWith(metafile, entry)].map((path) => basename(path)),
    ...named(/<script[^>]* src="\/assets\/([^"]+)"/g),
    ...named(/<link rel="modulepreload" href="\/assets\/([^"]+)"/g),
  ]);
  return {
    first: {
      scripts: [...scripts].map(weigh),
      styles: named(/<link rel="stylesheet" href="\/assets\/([^"]+)"/g).map(weigh),
    },
    later: weigh(named(/<meta name="later-styles" content="\/assets\/([^"]+)"/g)[0] ?? ''),
    parts: outputsOf(metafile)
      .filter(([path, { entryPoint }]) => entryPoint !== undefined && path.endsWith('.js') && path !== entry)
      .map(([path, { entryPoint = '' }]) => ({ name: entryPoint, bytes: weigh(path).bytes }))
      .toSorted((a, b) => b.bytes - a.bytes),
  };
}

const outputsOf = ({ outputs }: WebBuild['metafile']) => Object.entries(outputs);

export const total = (parts: readonly Part[]): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);
