import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin, version as esbuildVersion } from 'esbuild';
import { deliverBuildOptions } from './deliver-aliases.ts';
import { leanBuiltins } from './lean-builtins.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * Bytes of a function's modules, source maps left out. They are read and parsed at a cold start, so growth is a decision: ingest's bound is
 * the product's bar, the others leave a fifth of room above what was measured. Of deliver's, 0.6 MB are read at a cold start, and of the rest, a
 * file for each of some 170 destinations, only the one that is needed.
 */
export const BUNDLE_BYTES_MAX: Readonly<Record<string, number>> = {
  ingest: 450_000,
  oauth: 160_000,
  route: 1_000_000,
  deliver: 4_900_000,
  archive: 720_000,
  'empty-dead-letters': 1_000_000,
  // 136 KB of it is Cognito's client, which is loaded when somebody takes an invitation, some 400 KB S3's, when somebody asks what a rule would do.
  api: 1_820_000,
  // 112 KB of it is Analytics.js, which is read when a snippet asks.
  cdn: 450_000,
  'aggregate-usage': 1_000_000,
  'check-alerts': 820_000,
  notify: 670_000,
  'send-alerts': 620_000,
  replay: 1_000_000,
};

export type Bundle = {
  name: string;
  /** Of all its modules, source maps left out. */
  bytes: number;
  /** False: the inputs are those of the last time, and the files were left as they are. */
  built: boolean;
};

/** Dependencies in CommonJS call `require` for Node's own modules, which an ES module does not have. */
const REQUIRE_BANNER =
  "import { createRequire as tributaryRequire } from 'node:module'; const require = tributaryRequire(import.meta.url);";

const COMMON_OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // The ES module form of the AWS SDK can be shaken; it makes bundles a third smaller.
  mainFields: ['module', 'main'],
  // A dynamic import stays a file of its own that is read when it is needed.
  splitting: true,
  minify: true,
  // Errors are told apart by the names of their classes.
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  // The status page travels in the bundle.
  loader: { '.html': 'text' },
  outExtension: { '.js': '.mjs' },
  entryNames: 'index',
  chunkNames: 'chunks/[name]-[hash]',
  banner: { js: REQUIRE_BANNER },
  logLevel: 'silent',
  absWorkingDir: ROOT,
} satisfies BuildOptions;

/** Analytics.js is handed out, not run: it goes into the bundle of cdn as text. */
const ANALYTICS_JS_AS_TEXT: Plugin = {
  name: 'analytics.js as text',
  setup: (bundling) => {
    bundling.onLoad({ filter: /analytics-next[/\\]dist[/\\]umd[/\\]standalone\.js$/ }, async ({ path }) => ({
      contents: await readFile(path, 'utf8'),
      loader: 'text',
    }));
  },
};

/** Beyond the common ones, by function. */
const OWN_OPTIONS: Readonly<Record<string, BuildOptions>> = {
  deliver: deliverBuildOptions,
  cdn: { plugins: [ANALYTICS_JS_AS_TEXT] },
};

/**
 * Bundles each folder of functions/ that has a handler.ts into `<outDirectory>/<name>/index.mjs` and its chunks, all at once. A function whose
 * inputs (the files that went into its last bundle, its options, the lock file) are unchanged is left as it is. Throws esbuild's error, which
 * names file and line, when one of them does not build.
 */
export async function bundleFunctions(
  outDirectory: string,
  functionsDirectory: string = join(ROOT, 'functions'),
): Promise<Bundle[]> {
  const names = await functionNames(functionsDirectory);
  const lock = await readFile(join(ROOT, 'package-lock.json'));
  return await Promise.all(
    names.map(async (name) => {
      const own = OWN_OPTIONS[name];
      const plugins = [leanBuiltins, ...(own?.plugins ?? [])];
      const options: Options = { ...COMMON_OPTIONS, ...own, plugins, metafile: true };
      const optionsHash = hashOf([esbuildVersion, JSON.stringify(options, functionsAsText), lock]);
      return await bundleFunction({ name, options, optionsHash, outDirectory, functionsDirectory });
    }),
  );
}

/** Folders with a handler.ts, in order. */
export async function functionNames(functionsDirectory: string = join(ROOT, 'functions')): Promise<string[]> {
  const folders = await readdir(functionsDirectory, { withFileTypes: true });
  return folders
    .filter((folder) => folder.isDirectory() && existsSync(join(functionsDirectory, folder.name, 'handler.ts')))
    .map((folder) => folder.name)
    .toSorted();
}

type Options = BuildOptions & { metafile: true };

type Work = {
  name: string;
  options: Options;
  optionsHash: string;
  outDirectory: string;
  functionsDirectory: string;
};

/** What the last build was made of. It lies beside the function's directory, so that it is not deployed. */
type Manifest = { optionsHash: string; inputs: string[]; inputsHash: string; outputs: string[] };

async function bundleFunction({ name, options, optionsHash, outDirectory, functionsDirectory }: Work): Promise<Bundle> {
  const directory = join(outDirectory, name);
  const manifestFile = join(outDirectory, `${name}.json`);
  const last = await readManifest(manifestFile);
  if (last?.optionsHash === optionsHash && (await hashOfFiles(last.inputs)) === last.inputsHash) {
    const bytes = await bytesOf(last.outputs);
    if (bytes !== undefined) return { name, bytes, built: false };
  }
  // Chunks are named after their content: old ones would pile up.
  await rm(directory, { recursive: true, force: true });
  const { metafile } = await build({
    ...options,
    entryPoints: { index: join(functionsDirectory, name, 'handler.ts') },
    outdir: directory,
  });
  const inputs = Object.keys(metafile.inputs).filter((input) => existsSync(join(ROOT, input)));
  const outputs = Object.keys(metafile.outputs).filter((output) => output.endsWith('.mjs'));
  const inputsHash = (await hashOfFiles(inputs)) ?? '';
  const manifest: Manifest = { optionsHash, inputs, inputsHash, outputs };
  await mkdir(outDirectory, { recursive: true });
  await writeFile(manifestFile, JSON.stringify(manifest));
  return { name, bytes: (await bytesOf(outputs)) ?? 0, built: true };
}

async function readManifest(file: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // None yet, or cut off in the middle: it is built anew.
    return undefined;
  }
}

/** `undefined` when a file is gone. Names are relative to ROOT, as esbuild's metafile has them. */
async function hashOfFiles(files: readonly string[]): Promise<string | undefined> {
  try {
    return hashOf(await Promise.all(files.map((file) => readFile(join(ROOT, file)))));
  } catch {
    return undefined;
  }
}

async function bytesOf(files: readonly string[]): Promise<number | undefined> {
  try {
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(ROOT, file))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return undefined;
  }
}

function hashOf(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/** Plugins are functions; their text stands for them. */
const functionsAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'function' ? String(value) : value;
