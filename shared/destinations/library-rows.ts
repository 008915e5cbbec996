import { invariant } from '../domain/app-error.ts';
import { EVENT_TYPES, type EventType } from '../domain/event.ts';
import { DESCRIPTIONS } from './descriptions.ts';
import { DESTINATION_CLASSES, type DestinationClass, type LibraryRow } from './destination-definition.ts';
import { LIBRARY_FACTS } from './library-facts.ts';
import { SPECIAL_ROWS } from './special-rows.ts';
import { WIRE_NAMES } from './wire-names.ts';

function rowOf(line: string): LibraryRow {
  const [slug = '', name = '', ofClass, categories, names, directory = '', types] = line
    .split('|')
    .map((cell) => cell.trim());
  const description = DESCRIPTIONS[slug];
  const itsClass = DESTINATION_CLASSES.find((each) => each === ofClass);
  invariant(description !== undefined && itsClass !== undefined, `the line of ${slug} has a class and a description`);
  return {
    slug,
    directory: directory === '' ? slug : directory,
    name,
    description,
    class: itsClass satisfies DestinationClass,
    categories: cellsOf(categories),
    integrationNames: [...new Set([name, `${name} (Actions)`, ...cellsOf(names)])],
    supportedTypes: typesOf(cellsOf(types)),
    wireNames: WIRE_NAMES[slug] ?? [],
    ...SPECIAL_ROWS[slug],
  };
}

const cellsOf = (text = ''): string[] =>
  text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const typesOf = (names: readonly string[]): readonly EventType[] =>
  names.length === 0 ? EVENT_TYPES : EVENT_TYPES.filter((type) => names.includes(type));

/**
 * Destinations of the library that are offered, in the order of their slugs. The first integration name is what people see here; the others are
 * names under which the same tool is known to tracking code that exists.
 */
export const LIBRARY_ROWS: readonly LibraryRow[] = LIBRARY_FACTS.trim().split('\n').map(rowOf);
