import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { deliverBuildOptions } from '../../infra/build/deliver-aliases.ts';
import { generateLoaders } from '../../shared/destinations/generate-code.ts';
import { LIBRARY_ROWS } from '../../shared/destinations/library-rows.ts';
import type * as destinations from './destinations-entry.ts';

const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  keepNames: true,
  logLevel: 'silent',
} satisfies BuildOptions;

/**
 * The engine as deliver's bundle has it: one copy of the library's core, our client in the place of its own. Several of the library's traps
 * exist in a bundle only, and unbundled its requests would not pass our client. CommonJS, since jest cannot load the other form. `only`: of the
 * library these slugs alone, which takes a second instead of ten; those of our own are always in it.
 */
export async function bundledDestinations(only?: readonly string[]): Promise<typeof destinations> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-destinations-'));
  const outfile = join(directory, 'destinations.cjs');
  const plugins = [...(deliverBuildOptions.plugins ?? []), ...(only === undefined ? [] : [loadersOf(only)])];
  // CommonJS has no import.meta; whoever asks for it there means to find packages of ours.
  const define = { 'import.meta.url': JSON.stringify(pathToFileURL(entryPoint()).href) };
  const options = { ...COMMON, ...deliverBuildOptions, plugins, define } satisfies BuildOptions;
  await build({ ...options, format: 'cjs', outfile, entryPoints: [entryPoint()] });
  const bundle = createRequire(outfile)(outfile) as typeof destinations;
  await rm(directory, { recursive: true });
  return bundle;
}

/** The same as split ES modules, as they are deployed. Answers the file to import. */
export async function bundleDestinationsAsModules(directory: string, only: readonly string[]): Promise<string> {
  const banner =
    "import { createRequire as ownRequire } from 'node:module'; const require = ownRequire(import.meta.url);";
  await build({
    ...COMMON,
    ...deliverBuildOptions,
    plugins: [...(deliverBuildOptions.plugins ?? []), loadersOf(only)],
    format: 'esm',
    splitting: true,
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    banner: { js: banner },
    entryPoints: { index: entryPoint() },
  });
  return join(directory, 'index.mjs');
}

const entryPoint = (): string => join(import.meta.dirname, 'destinations-entry.ts');

/** Puts a shorter list in the place of the generated one. */
const loadersOf = (slugs: readonly string[]): Plugin => ({
  name: 'loaders',
  setup: ({ onLoad }) =>
    onLoad({ filter: /generated[\\/]loaders\.ts$/ }, ({ path }) => ({
      contents: generateLoaders(LIBRARY_ROWS.filter(({ slug }) => slugs.includes(slug))),
      loader: 'ts',
      resolveDir: dirname(path),
    })),
});
