import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBounds, limitsPage } from './limits-page.ts';

/** Writes docs/limits.md anew. To be run after a bound was changed; a test compares. */
const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'docs', 'limits.md'), limitsPage(findBounds(root)));
