import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiOf } from '../shared/api/openapi.ts';
import { operationsPage } from './operations-page.ts';

/** Writes docs/openapi.json and docs/api-operations.md anew. To be run after an operation or a shape was changed; a test compares. */
const docs = join(import.meta.dirname, '..', 'docs');
writeFileSync(join(docs, 'openapi.json'), `${JSON.stringify(openApiOf(), undefined, 1)}\n`);
writeFileSync(join(docs, 'api-operations.md'), operationsPage());
