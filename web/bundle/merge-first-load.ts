import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build as bundle, type Metafile, type Plugin } from 'esbuild';

const HASH_CHARS = 8;

export type Output = Metafile['outputs'][string];

/**
 * What is loaded with `path`: itself, and all that it imports by statement, in turn.
 */
export function loadedWith(metafile: Metafile, path: string, loaded: Set<string> = new Set()): ReadonlySet<string> {
  if (loaded.has(path)) return loaded;
  loaded.add(path);
  for (const one of metafile.outputs[path]?.imports ?? [])
    if (one.kind === 'import-statement' && metafile.outputs[one.path] !== undefined)
      loadedWith(metafile, one.path, loaded);
  return loaded;
}

/**
 * Makes one file of the hundred that the first page loads at once. esbuild gives every set of pages that share modules a file of its own, most of them of a
 * few hundred bytes: together they compress worse (measured: 193 kB against 174), and each is a request that others wait for. Files that are loaded later
 * import from the one. Names of all scripts end with its hash: a file that browsers keep for ever must never come to import from another one.
 */
export async function mergeFirstLoad(outDirectory: string, metafile: Metafile, entry: string): Promise<Metafile> {
  const assets = join(outDirectory, 'assets');
  const first = [...loadedWith(metafile, entry)];
  const numbers = new Map(first.map((path, at) => [basename(path), at]));
  const texts = await Promise.all(first.map(async (path) => await readFile(join(assets, basename(path)))));
  // The texts name what they load, by names that hold hashes: so does this name of everything.
  const hash = createHash('sha256').update(Buffer.concat(texts)).digest('hex').slice(0, HASH_CHARS);
  const merged = `app-${hash}.js`;

  const exported = (path: string): readonly string[] => metafile.outputs[path]?.exports ?? [];
  const contents = [
    `import "./${basename(entry)}";`,
    ...first.map(
      (path, at) =>
        `export { ${exported(path)
          .map((name) => `${name} as ${nameOf(at, name)}`)
          .join(', ')} } from "./${basename(path)}";`,
    ),
  ].join('\n');
  const shared = {
    bundle: true,
    format: 'esm',
    minify: true,
    write: false,
    logLevel: 'silent',
    target: 'es2022',
  } as const;
  const whole = await bundle({
    ...shared,
    stdin: { contents, resolveDir: assets, loader: 'js' },
    plugins: [resolved(hash, (name) => (numbers.has(name) ? { path: join(assets, name) } : undefined))],
  });

  const later = Object.keys(metafile.outputs).filter((path) => path.endsWith('.js') && !first.includes(path));
  const shims: Plugin = {
    name: 'from the merged file',
    setup: (build) => {
      build.onLoad({ filter: /.*/, namespace: 'merged' }, ({ path }) => {
        const at = numbers.get(path) ?? 0;
        const names = exported(first[at] ?? '').map((name) => `${nameOf(at, name)} as ${name}`);
        return { contents: `export { ${names.join(', ')} } from "./${merged}";`, resolveDir: assets };
      });
    },
  };
  const rest = await bundle({
    ...shared,
    entryPoints: later.map((path) => join(assets, basename(path))),
    outdir: assets,
    plugins: [resolved(hash, (name) => (numbers.has(name) ? { path: name, namespace: 'merged' } : undefined)), shims],
  });

  await Promise.all([...first, ...later].map(async (path) => await rm(join(assets, basename(path)))));
  await writeFile(join(assets, merged), whole.outputFiles[0]?.contents ?? '');
  await Promise.all(
    rest.outputFiles.map(async ({ path, contents }) => await writeFile(withHash(path, hash), contents)),
  );
  return described(metafile, first, entry, hash);
}

const withHash = (path: string, hash: string): string => path.replace(/\.js$/, `-${hash}.js`);

/** What a name of the file at this place is called in the merged one. */
const nameOf = (at: number, name: string): string => `f${at}_${name}`;

/** Has `known` say where a file is; others stay apart, by their new names. */
const resolved = (hash: string, known: (name: string) => { path: string; namespace?: string } | undefined): Plugin => ({
  name: 'built files',
  setup: (build) => {
    build.onResolve({ filter: /^\./ }, ({ path, kind, namespace }) => {
      if (kind === 'entry-point') return undefined;
      if (namespace === 'merged') return { path, external: true };
      return known(basename(path)) ?? { path: withHash(path, hash), external: true };
    });
  },
});

/** The build's description with the one file in place of the many, and by the new names. */
function described(metafile: Metafile, first: readonly string[], entry: string, hash: string): Metafile {
  const merged = join(entry, '..', `app-${hash}.js`);
  const place = (path: string): string => (first.includes(path) ? merged : withHash(path, hash));
  const whole = metafile.outputs[entry];
  if (whole === undefined) throw new Error(`The build has no ${entry}`);
  const parts = first.flatMap((path) => metafile.outputs[path] ?? []);
  const outputs: Metafile['outputs'] = {};
  for (const [path, one] of Object.entries(metafile.outputs)) {
    if (first.includes(path)) continue;
    outputs[place(path)] = { ...one, imports: one.imports.map((each) => ({ ...each, path: place(each.path) })) };
  }
  outputs[merged] = {
    ...whole,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    inputs: Object.assign({}, ...parts.map(({ inputs }) => inputs)) as Output['inputs'],
    imports: parts
      .flatMap(({ imports }) => imports)
      .filter(({ path }) => !first.includes(path))
      .map((each) => ({ ...each, path: place(each.path) })),
    exports: [],
  };
  return { ...metafile, outputs };
}
