import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');

/**
 * What the bundle of deliver needs beyond the common options: one copy of the destinations' core (its CommonJS one, which the destinations
 * themselves require; a second copy would break `instanceof` and turn rejected items into delivered ones), and our guarded client in the place
 * of cross-fetch, through which every destination sends. node-fetch, whose classes both use, falls back on Node's URL.
 */
export const deliverBuildOptions: BuildOptions = {
  alias: {
    '@segment/actions-core': join(root, 'node_modules', '@segment', 'actions-core', 'dist', 'cjs'),
    'cross-fetch': join(root, 'shared', 'destinations', 'cross-fetch.ts'),
    'whatwg-url': join(root, 'shared', 'destinations', 'whatwg-url.ts'),
  },
};
