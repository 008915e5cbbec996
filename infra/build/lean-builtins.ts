import type { Plugin } from 'esbuild';

/**
 * Takes Node's HTTP client by `require`. An import of it as an ES module reads each of its exports, and one of them, WebSocket, loads all of undici:
 * 30 ms of CPU at every cold start, as much as an empty Node, for something that nothing here uses.
 */
export const leanBuiltins: Plugin = {
  name: 'lean-builtins',
  setup: (bundling) => {
    bundling.onResolve({ filter: /^(?:node:)?https?$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      return kind === 'require-call'
        ? { path: `node:${name}`, external: true }
        : { path: name, namespace: 'lean-builtins' };
    });
    bundling.onLoad({ filter: /.*/, namespace: 'lean-builtins' }, ({ path }) => ({
      contents: `module.exports = require('node:${path}');`,
      loader: 'js',
    }));
  },
};
