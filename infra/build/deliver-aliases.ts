import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { boundedMappings } from './bounded-mappings.ts';

const root = join(import.meta.dirname, '..', '..');

/**
 * A file of the library that signs requests for one destination has a second function, which nothing here calls, with the whole S3 client behind
 * it. In the bundle it would be one with the client that deliver itself uses, and double what each cold start reads of that.
 */
const withoutTheirS3Client: Plugin = {
  name: 'without-their-s3-client',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^@aws-sdk\/client-s3$/ }, ({ importer }) =>
      /[\\/]action-destinations[\\/]/.test(importer) ? { path: 'client-s3', namespace: 'left-out' } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * What the bundle of deliver needs beyond the common options: one copy of the destinations' core (its CommonJS one, which the destinations
 * themselves require; a second copy would break `instanceof` and turn rejected items into delivered ones), and our guarded client in the place
 * of cross-fetch, through which every destination sends. node-fetch, whose classes both use, falls back on Node's URL. Mapping directives get their bounds.
 */
export const deliverBuildOptions: BuildOptions = {
  alias: {
    '@segment/actions-core': join(root, 'node_modules', '@segment', 'actions-core', 'dist', 'cjs'),
    'cross-fetch': join(root, 'shared', 'destinations', 'cross-fetch.ts'),
    'whatwg-url': join(root, 'shared', 'destinations', 'whatwg-url.ts'),
  },
  plugins: [boundedMappings, withoutTheirS3Client],
};
