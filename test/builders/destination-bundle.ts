import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { deliverBuildOptions } from '../../infra/build/deliver-aliases.ts';
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
 * exist in a bundle only, and unbundled its requests would not pass our client. CommonJS, since jest cannot load the other form.
 */
export async function bundledDestinations(): Promise<typeof destinations> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-destinations-'));
  const outfile = join(directory, 'destinations.cjs');
  await build({ ...COMMON, ...deliverBuildOptions, format: 'cjs', outfile, entryPoints: [entryPoint()] });
  const bundle = createRequire(outfile)(outfile) as typeof destinations;
  await rm(directory, { recursive: true });
  return bundle;
}

/** The same as split ES modules, as they are deployed. Answers the file to import. */
export async function bundleDestinationsAsModules(directory: string): Promise<string> {
  const banner =
    "import { createRequire as ownRequire } from 'node:module'; const require = ownRequire(import.meta.url);";
  await build({
    ...COMMON,
    ...deliverBuildOptions,
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
