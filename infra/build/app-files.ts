import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWebApp } from '../../web/bundle/build-web-app.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** What the app is made of: its own source, what it shares with the functions, the manual, and by the lock file all libraries. */
const SOURCES = ['web', 'shared', 'docs', 'package-lock.json'].map((name) => join(ROOT, name));
/** Those of its files whose names hold their content's hash. */
const HASHED = 'assets';
const PAGE = 'index.html';

export type AppFilesOptions = {
  /** Keeps the last build, and what it was made of. */
  cacheDirectory: string;
  /** Emptied, and filled with what keeps its name when it changes. */
  pageDirectory: string;
  /** Gets the rest, as `assets/`; what else lies there stays. */
  hashedInto: string;
  sources?: readonly string[];
  build?: (outDirectory: string) => Promise<void>;
};

/** Lays out the web app's files for the CDN. It is built only if one of its sources is another than the last time. */
export async function buildAppFiles(options: AppFilesOptions): Promise<{ built: boolean }> {
  const { cacheDirectory, pageDirectory, hashedInto, sources = SOURCES, build = buildWebApp } = options;
  const made = join(cacheDirectory, 'made');
  const keyFile = join(cacheDirectory, 'key');
  const key = await keyOf(sources);
  const isKept = existsSync(join(made, PAGE)) && (await readFile(keyFile, 'utf8').catch(() => '')) === key;
  if (!isKept) {
    // The key comes last: a build that was cut off is none.
    await rm(cacheDirectory, { recursive: true, force: true });
    await mkdir(made, { recursive: true });
    await build(made);
    await writeFile(keyFile, key);
  }
  await rm(pageDirectory, { recursive: true, force: true });
  const isHashed = (path: string): boolean => path === join(made, HASHED);
  await Promise.all([
    cp(made, pageDirectory, { recursive: true, filter: (path) => !isHashed(path) }),
    cp(join(made, HASHED), join(hashedInto, HASHED), { recursive: true }),
  ]);
  return { built: !isKept };
}

/** Of all files with their names. Some 600, which takes 0.1 s. */
async function keyOf(sources: readonly string[]): Promise<string> {
  const lists = await Promise.all(sources.map(async (source) => await filesOf(source)));
  const hashes = await Promise.all(
    lists.flat().map(
      async (file) =>
        `${file} ${createHash('sha256')
          .update(await readFile(file))
          .digest('hex')}`,
    ),
  );
  return createHash('sha256').update(hashes.join('\n')).digest('hex');
}

async function filesOf(source: string): Promise<string[]> {
  if ((await stat(source)).isFile()) return [source];
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
