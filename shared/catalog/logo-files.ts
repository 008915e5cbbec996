import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEVICE_MODES } from '../destinations/device-modes.ts';
import { INBOX } from '../destinations/inbox-definition.ts';
import { ROWS } from '../destinations/rows.ts';
import { monogram } from './monogram.ts';
import { SOURCE_CATALOG } from './source-catalog.ts';

const MARKS = join(import.meta.dirname, 'logos');

/**
 * A picture for everything in the catalog, by the name of its file: the mark that `cli/generate-logos.ts` has fetched, else a monogram. A source and a
 * destination of one slug share a picture. For builds.
 */
export async function logoFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { slug, name } of [...SOURCE_CATALOG, INBOX, ...ROWS, ...DEVICE_MODES]) {
    files.set(`${slug}.svg`, monogram(name));
  }
  for (const file of (await readdir(MARKS)).filter((name) => files.has(name))) {
    files.set(file, (await readFile(join(MARKS, file), 'utf8')).trim());
  }
  return files;
}
