import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { Loader, Plugin } from 'esbuild';

const MODULES = join(import.meta.dirname, '..', '..', 'node_modules');
/** Libraries whose one index stands before hundreds of modules. */
const BARRELS = ['@mantine/core', '@mantine/hooks', '@mantine/notifications', '@mantine/spotlight'];
const NAMED_IMPORT = /^import\s*\{([^}]*)\}\s*from\s*["']([^"']+)["'];?$/gm;
const ICON = /^Icon[A-Z]\w*$/;

/**
 * Has every file import from the modules that it uses instead of from an index. esbuild counts what an index gives to one page as needed by every file that
 * imports that index, and so a page's components would all be loaded with the first (measured: 238 kB against 150 kB gzipped of a bare shell).
 */
export const DEEP_IMPORTS: Plugin = {
  name: 'deep imports',
  setup: (build) => {
    const places = new Map(BARRELS.map((name) => [name, placesOf(name)]));
    build.onLoad({ filter: /(web[/\\]src[/\\].*\.tsx?|@mantine[/\\].*\.mjs)$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: rewritten(text, places), loader: LOADERS[extname(path)] ?? 'js', resolveDir: dirname(path) };
    });
  },
};

const LOADERS: Readonly<Record<string, Loader>> = { '.tsx': 'tsx', '.ts': 'ts', '.mjs': 'js' };

/** Of each name that a library's index exports: the module that has it, and its name there. */
function placesOf(library: string): Map<string, { module: string; name: string }> {
  const folder = join(MODULES, library, 'esm');
  const places = new Map<string, { module: string; name: string }>();
  for (const [, names = '', from = ''] of readFileSync(join(folder, 'index.mjs'), 'utf8').matchAll(NAMED_IMPORT)) {
    const module = from.startsWith('.') ? join(folder, from) : from;
    for (const { name, as } of specifiers(names)) places.set(as, { module, name });
  }
  return places;
}

function rewritten(
  text: string,
  places: ReadonlyMap<string, ReadonlyMap<string, { module: string; name: string }>>,
): string {
  return text.replaceAll(NAMED_IMPORT, (whole, names: string, from: string) => {
    const lines = specifiers(names).map(({ name, as }) => {
      if (from === '@tabler/icons-react' && ICON.test(name))
        return deep(`${MODULES}/${from}/dist/esm/icons/${name}.mjs`, 'default', as);
      const place = places.get(from)?.get(name);
      return place && deep(place.module, place.name, as);
    });
    // What is not known where it is stays as it was.
    return lines.length > 0 && lines.every((line) => line !== undefined) ? lines.join(' ') : whole;
  });
}

const deep = (module: string, name: string, as: string): string =>
  `import { ${name} as ${as} } from ${JSON.stringify(module)};`;

/** `a, b as c, type D` as names; types are gone when it runs. */
const specifiers = (names: string): { name: string; as: string }[] =>
  names
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !one.startsWith('type '))
    .map((one) => {
      const [name = '', as = name] = one.split(/\s+as\s+/);
      return { name, as };
    });
