import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogDestination, CatalogIndexEntry } from './catalog-entry.ts';

/**
 * Entries that one environment keeps in memory: all there are, with some room, since a page of destinations asks for any of them. Of 14 KB of text each,
 * on average; the one used longest ago makes room.
 */
export const ENTRIES_MAX = 200;
/** The file of the index beside those of the entries, which are named after their slugs. */
export const INDEX_FILE = 'index.json';

/** The catalog of destinations as the build has laid it. */
export type CatalogReader = {
  /** All of them, in the order of their names. Read once. */
  list(): Promise<readonly CatalogIndexEntry[]>;
  /** By id, by our slug, or by another slug that means it. */
  get(idOrSlug: string): Promise<CatalogDestination | undefined>;
};

/**
 * Reads the catalog from `directory`, file by file, when something is asked for. A name that the index does not have reads no file, so what a
 * caller sends never becomes a path. Rejects where the directory is not one that `writeCatalogFiles` has laid.
 */
export function catalogReader(directory: string): CatalogReader {
  let index: Promise<{ list: CatalogIndexEntry[]; slugs: ReadonlyMap<string, string> }> | undefined;
  const entries = new Map<string, Promise<CatalogDestination>>();

  const readIndex = () => {
    index ??= readJson<CatalogIndexEntry[]>(join(directory, INDEX_FILE)).then((list) => ({
      list,
      slugs: slugsOf(list),
    }));
    // What could not be read is read anew next time.
    index.catch(() => (index = undefined));
    return index;
  };
  const readEntry = (slug: string): Promise<CatalogDestination> => {
    const entry = entries.get(slug) ?? readJson<CatalogDestination>(join(directory, `${slug}.json`));
    entries.delete(slug);
    entries.set(slug, entry);
    const oldest = entries.keys().next();
    if (entries.size > ENTRIES_MAX && !oldest.done) entries.delete(oldest.value);
    entry.catch(() => {
      if (entries.get(slug) === entry) entries.delete(slug);
    });
    return entry;
  };

  return {
    list: async () => (await readIndex()).list,
    get: async (idOrSlug) => {
      const slug = (await readIndex()).slugs.get(idOrSlug);
      return slug === undefined ? undefined : readEntry(slug);
    },
  };
}

/** Our slug by every name that means an entry; a slug of ours goes before another's. */
const slugsOf = (list: readonly CatalogIndexEntry[]): ReadonlyMap<string, string> =>
  new Map([
    ...list.flatMap(({ slug, otherSlugs }) => otherSlugs.map((other): [string, string] => [other, slug])),
    ...list.flatMap(({ id, slug }): [string, string][] => [
      [id, slug],
      [slug, slug],
    ]),
  ]);

const readJson = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T;
