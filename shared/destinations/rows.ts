import type { LibraryRow } from './destination-definition.ts';
import { LIBRARY_ROWS } from './library-rows.ts';
import { OWN_ROWS, type OwnRow } from './own/rows.ts';

/** A destination that has code in the library's format, wherever that code lies. */
export type DestinationRow = Omit<LibraryRow, 'directory'>;

/** All of them, in the order of their names. */
export const ROWS: readonly (LibraryRow | OwnRow)[] = [...LIBRARY_ROWS, ...OWN_ROWS].toSorted((a, b) =>
  a.name.localeCompare(b.name, 'en'),
);

const bySlug = new Map(ROWS.map((row) => [row.slug, row]));

export const findRow = (slug: string): DestinationRow | undefined => bySlug.get(slug);
