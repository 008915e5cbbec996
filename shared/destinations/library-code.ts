import type { DestinationDefinition as CoreDefinition } from '@segment/actions-core';
import { invariant } from '../domain/app-error.ts';
import type { JsonObject } from '../domain/json.ts';
import { LOADERS } from './generated/loaders.ts';
import { LIBRARY_FIXES } from './library-fixes.ts';
import { OVERRIDES } from './overrides.ts';
import { OWN_ROWS } from './own/rows.ts';

export type LibraryDefinition = CoreDefinition<JsonObject>;
export type Loaders = Readonly<Record<string, () => Promise<unknown>>>;

/** The code of every destination but the Inbox, by slug: the library's and ours. */
export const ALL_LOADERS: Loaders = {
  ...LOADERS,
  ...Object.fromEntries(OWN_ROWS.map(({ slug, load }) => [slug, load])),
};

/** Loads a destination's definition in the library's format, with what we change of it. Throws for a slug without code. */
export async function loadLibraryDefinition(slug: string, loaders: Loaders = ALL_LOADERS): Promise<LibraryDefinition> {
  const loader = Object.hasOwn(loaders, slug) ? loaders[slug] : undefined;
  invariant(loader !== undefined, `the destination ${slug} has code`);
  const theirs = definitionIn(await loader());
  const changes = [LIBRARY_FIXES, OVERRIDES].map((table) => (Object.hasOwn(table, slug) ? table[slug] : undefined));
  return changes.reduce((definition, change) => change?.(definition) ?? definition, theirs);
}

const isDefinition = (value: unknown): value is LibraryDefinition =>
  typeof value === 'object' && value !== null && 'actions' in value && 'mode' in value;

/** A CommonJS module that was imported has its default under one or two layers of `default`; a module of ours exports it by name. */
function definitionIn(module: unknown): LibraryDefinition {
  let value: unknown = module;
  for (let layer = 0; layer < 3 && typeof value === 'object' && value !== null; layer += 1) {
    if (isDefinition(value)) return value;
    const exported: unknown = Object.values(value).find(isDefinition);
    if (isDefinition(exported)) return exported;
    value = (value as { default?: unknown }).default;
  }
  throw new Error('A destination module holds no definition');
}
