import { EVENT_TYPES } from '../domain/event.ts';
import type { DestinationKind, LibraryRow } from './destination-definition.ts';
import type { PackedKind } from './kinds.ts';

/** The text of `generated/loaders.ts`: one deep import a destination, which a bundler can follow (the library's own index computes them). */
export const generateLoaders = (rows: readonly LibraryRow[]): string =>
  [
    '// Written by `node cli/generate-catalog.ts` from library-facts.ts. Each import becomes a chunk that is read when it is first needed.',
    '',
    '/** The code of each destination of the library, by slug. */',
    'export const LOADERS: Readonly<Record<string, () => Promise<unknown>>> = {',
    ...rows.flatMap((row) => loaderLines(row)),
    '};',
    '',
  ].join('\n');

function loaderLines({ slug, directory }: LibraryRow): string[] {
  const name = /^[a-z][a-z0-9]*$/.test(slug) ? slug : `'${slug}'`;
  const load = `import('@segment/action-destinations/dist/destinations/${directory}/index.js'),`;
  const line = `  ${name}: () => ${load}`;
  return line.length <= LINE_CHARS_MAX ? [line] : [`  ${name}: () =>`, `    ${load}`];
}

/** As the formatter breaks lines. */
const LINE_CHARS_MAX = 120;

/** What `generated/kinds.json` holds: what route knows of every type of destination that has code. */
export const generateKinds = (kinds: readonly DestinationKind[]): Record<string, PackedKind> =>
  Object.fromEntries(kinds.map((kind) => [kind.slug, packedKind(kind)]));

function packedKind({ integrationNames, supportedTypes }: DestinationKind): PackedKind {
  const types = EVENT_TYPES.flatMap((type, index) => (supportedTypes.includes(type) ? [index] : []));
  return { names: integrationNames, ...(types.length < EVENT_TYPES.length && { types }) };
}
