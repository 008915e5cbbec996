import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { destinationsPage } from '../shared/destinations/destinations-page.ts';
import { generateKinds, generateLoaders } from '../shared/destinations/generate-code.ts';
import { LIBRARY_ROWS } from '../shared/destinations/library-rows.ts';
import { OWN_ROWS } from '../shared/destinations/own/rows.ts';

// Run after a change of a row: `node cli/generate-catalog.ts && npm run fix`.
const directory = join(import.meta.dirname, '..', 'shared', 'destinations', 'generated');
await writeFile(join(directory, 'loaders.ts'), generateLoaders(LIBRARY_ROWS));
await writeFile(join(import.meta.dirname, '..', 'docs', 'destinations.md'), destinationsPage());
const kinds = generateKinds([...LIBRARY_ROWS, ...OWN_ROWS]);
await writeFile(join(directory, 'kinds.json'), `${JSON.stringify(kinds)}\n`);
