import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Plugin } from 'esbuild';

type Change = { file: string; from: string; to: string };

/**
 * What the library's mapping kit does without a bound on time (threat T10), and the text that bounds it. 32 KB of `{` in a template, which may
 * come from an event, kept a function busy for seconds; so did a Liquid range of 90 million numbers, within
 * the library's limit of memory, and filters that do not count what they make.
 */
const CHANGES: readonly Change[] = [
  // A placeholder holds no brace: then no character is looked at twice.
  { file: 'placeholders.js', from: String.raw`/\{\{\{([^}]+)\}\}\}/g`, to: String.raw`/\{\{\{([^{}]+)\}\}\}/g` },
  { file: 'placeholders.js', from: String.raw`/\{\{([^}]+)\}\}/g`, to: String.raw`/\{\{([^{}]+)\}\}/g` },
  // In characters and elements that one rendering makes. Fields of tools take less; ranges are of use to disabled tags only.
  { file: 'liquid-directive.js', from: 'memoryLimit: 1e8', to: 'memoryLimit: 2e5' },
  { file: 'liquid-directive.js', from: 'renderLimit: 500', to: 'renderLimit: 40' },
  {
    file: 'liquid-directive.js',
    from: 'const disabledTags =',
    to: `for (const [name, filter] of Object.entries(liquidEngine.filters)) {
  if (typeof filter === 'function') liquidEngine.registerFilter(name, charged(filter));
}
function charged(filter) {
  return function (...given) {
    const made = filter.apply(this, given);
    if (typeof made === 'string') this.context.memoryLimit.use(made.length);
    return made;
  };
}
const disabledTags =`,
  },
];

const KIT = join('mapping-kit', sep);

/** Builds with bounded mapping directives. A text that a new version of the library no longer has fails the build: it must be looked at anew. */
export const boundedMappings: Plugin = {
  name: 'bounded-mappings',
  setup: (build) => {
    build.onLoad({ filter: /mapping-kit[\\/](placeholders|liquid-directive)\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, 'utf8');
      for (const { file, from, to } of CHANGES.filter((change) => path.endsWith(`${KIT}${change.file}`))) {
        if (!contents.includes(from)) throw new Error(`${file} of the library no longer says ${from}`);
        contents = contents.replace(from, () => to);
      }
      return { contents, loader: 'js' };
    });
  },
};
