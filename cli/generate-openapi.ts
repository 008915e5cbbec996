import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiOf } from '../shared/api/openapi.ts';
import { operationPathsFile } from './operation-paths-file.ts';
import { operationsPage } from './operations-page.ts';

/** Writes docs/openapi.json, docs/api-operations.md and the web app's table of paths anew. To be run after an operation or a shape was changed; a test compares. */
const docs = join(import.meta.dirname, '..', 'docs');
writeFileSync(join(docs, 'openapi.json'), `${JSON.stringify(openApiOf(), undefined, 1)}\n`);
writeFileSync(join(docs, 'api-operations.md'), operationsPage());
writeFileSync(join(docs, '..', 'web', 'src', 'api', 'operation-paths.ts'), operationPathsFile());
