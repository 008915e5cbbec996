import type { DestinationDefinition } from './destination-definition.ts';
import { deviceDefinition } from './device-definition.ts';
import { DEVICE_MODES, findDeviceMode } from './device-modes.ts';
import { INBOX } from './inbox-definition.ts';
import { loadLibraryDefinition } from './library-code.ts';
import { readDefinition } from './read-definition.ts';
import { findRow, ROWS } from './rows.ts';

/** Every type of destination there is. */
export const SLUGS: readonly string[] = [INBOX, ...ROWS, ...DEVICE_MODES].map(({ slug }) => slug);

/**
 * All that is known of a type of destination but its code, read from that code: of one destination some 14 KB of text, of all together 2.5 MB,
 * which is why no file holds them. `undefined` for a type that there is not. For the command line and for builds; a function that needs
 * definitions reads the files that `definitionFiles` makes of them.
 */
export async function findDefinition(slug: string): Promise<DestinationDefinition | undefined> {
  if (slug === INBOX.slug) return INBOX;
  const mode = findDeviceMode(slug);
  if (mode !== undefined) return deviceDefinition(mode);
  const row = findRow(slug);
  return row === undefined ? undefined : readDefinition(row, await loadLibraryDefinition(slug));
}

/** One JSON file for each type of destination, one after the other: what a build lays beside a function that serves the catalog. */
export async function* definitionFiles(): AsyncGenerator<{ name: string; text: string }> {
  for (const slug of SLUGS) yield { name: `${slug}.json`, text: JSON.stringify(await findDefinition(slug)) };
}
