import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Pictures of the catalog as the build has laid them. */
export type LogoReader = {
  /** The SVG of that file name; `undefined` where there is none. */
  get(file: string): Promise<string | undefined>;
};

/** Reads logos from `directory`, by the names that are in it: what a caller sends never becomes a path. */
export function logoReader(directory: string): LogoReader {
  let names: Promise<ReadonlySet<string>> | undefined;
  return {
    get: async (file) => {
      names ??= readdir(directory).then((list) => new Set(list));
      // What could not be read is read anew next time.
      names.catch(() => (names = undefined));
      return (await names).has(file) ? await readFile(join(directory, file), 'utf8') : undefined;
    },
  };
}
