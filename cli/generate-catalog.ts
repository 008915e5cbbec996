import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateCatalog, generateLoaders } from '../shared/destinations/generate-catalog.ts';
import { LIBRARY_ROWS } from '../shared/destinations/library-rows.ts';

// Run after a change of library-rows.ts or of the library: `node cli/generate-catalog.ts && npm run fix`.
const directory = join(import.meta.dirname, '..', 'shared', 'destinations', 'generated');
await writeFile(join(directory, 'catalog.json'), `${JSON.stringify(generateCatalog(LIBRARY_ROWS), undefined, 2)}\n`);
await writeFile(join(directory, 'loaders.ts'), generateLoaders(LIBRARY_ROWS));
