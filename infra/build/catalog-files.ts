import { createHash } from 'node:crypto';
import { access, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INDEX_FILE } from '../../shared/catalog/catalog-reader.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** What the files are made of, beside the packages of the lock file: folders, all that is in them. */
const INPUTS = ['shared/catalog', 'shared/destinations', 'shared/domain', 'shared/config'];
const MANIFEST = 'inputs.sha256';

/**
 * Bytes of all the files of the catalog together: they are copied into the function's package, of which Lambda takes 250 MB unzipped. A fifth above
 * what was measured.
 */
export const CATALOG_BYTES_MAX = 3_300_000;

/**
 * Lays the catalog of destinations into `outDirectory`, a file for each and an index. Where the inputs are those of the last time, nothing is done and
 * nothing loaded. Answers whether it was built.
 */
export async function buildCatalogFiles(outDirectory: string): Promise<boolean> {
  const inputs = await hashOfInputs();
  const manifest = join(outDirectory, MANIFEST);
  if ((await readFile(manifest, 'utf8').catch(() => undefined)) === inputs) return false;
  // The library is loaded only now: it takes a second.
  const { buildCatalog, indexEntryOf } = await import('../../shared/catalog/build-catalog.ts');
  const entries = await buildCatalog();
  const files = [
    ...entries.map((entry): [string, unknown] => [`${entry.slug}.json`, entry]),
    [INDEX_FILE, entries.map(indexEntryOf)] as const,
  ];
  const unfinished = `${outDirectory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (const [name, content] of files) await writeFile(join(unfinished, name), JSON.stringify(content));
  await rm(outDirectory, { recursive: true, force: true });
  await rename(unfinished, outDirectory);
  // Last: a build that was cut off is done again.
  await writeFile(manifest, inputs);
  return true;
}

/** Puts the files that `buildCatalogFiles` has laid beside a function's bundle, as `catalog/`, unless they are there. */
export async function layCatalog(fromDirectory: string, functionDirectory: string): Promise<void> {
  const to = join(functionDirectory, 'catalog');
  const [built, laid] = await Promise.all(
    [fromDirectory, to].map((directory) => readFile(join(directory, MANIFEST), 'utf8').catch(() => undefined)),
  );
  if (built !== undefined && built === laid && (await exists(join(to, INDEX_FILE)))) return;
  await rm(to, { recursive: true, force: true });
  // The manifest is the last of the names: what was cut off has none.
  await cp(fromDirectory, to, { recursive: true, filter: (path) => !path.endsWith(MANIFEST) });
  await cp(join(fromDirectory, MANIFEST), join(to, MANIFEST));
}

/** Puts the pictures that the CDN serves beside a function's bundle, as `logos/`: without a name of the CDN's own, the function serves them itself. */
export async function layLogos(fromDirectory: string, functionDirectory: string): Promise<void> {
  const to = join(functionDirectory, 'logos');
  await rm(to, { recursive: true, force: true });
  await cp(join(fromDirectory, 'logos'), to, { recursive: true });
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function hashOfInputs(): Promise<string> {
  const hash = createHash('sha256');
  const lists = await Promise.all(INPUTS.map((folder) => sourcesUnder(join(ROOT, folder))));
  const files = [join(ROOT, 'package-lock.json'), join(import.meta.dirname, 'catalog-files.ts'), ...lists.flat()];
  const texts = await Promise.all(files.map((file) => readFile(file)));
  for (const [index, file] of files.entries()) {
    hash
      .update(file.slice(ROOT.length))
      .update('\0')
      .update(texts[index] ?? '')
      .update('\0');
  }
  return hash.digest('hex');
}

async function sourcesUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(?:ts|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
