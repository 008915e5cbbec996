import { CliError } from '../cli-error.ts';
import { definitionFile, type Named, rowText, testFile } from './templates.ts';

/** As a stored destination carries it (`Destination.type`). */
const SLUG = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const SLUG_CHARS_MAX = 64;
const NAME_CHARS_MAX = 60;
/** Letters of any script, digits, and what stands in the names of tools. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} .,&+'()/:-]*$/u;
const ROWS_FILE = 'shared/destinations/own/rows.ts';
/** The line that the list of rows begins with, and the one that ends it. */
const LIST_START = 'export const OWN_ROWS: readonly OwnRow[] = [\n';
const LIST_END = '\n];\n';
/** Words of the integrations object that name no destination. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['All', 'Segment.io', 'Warehouses']);

export type KnownDestination = { slug: string; integrationNames: readonly string[] };

/** Files by path from the repository's root; `rows` is the present text of the list. Throws a CliError for whatever a person can put right. */
export function planDestination(
  { slug, name }: Named,
  known: readonly KnownDestination[],
  rows: string,
): Record<string, string> {
  if (!SLUG.test(slug) || slug.length > SLUG_CHARS_MAX) {
    throw new CliError(
      `"${slug}" cannot be a slug: small letters, digits and single hyphens between them, a letter first, ${SLUG_CHARS_MAX} at most, such as my-tool.`,
    );
  }
  if (!NAME.test(name) || name.length > NAME_CHARS_MAX || name.trim() !== name || RESERVED_NAMES.has(name)) {
    throw new CliError(`"${name}" cannot be the name: up to ${NAME_CHARS_MAX} letters and digits, such as "My Tool".`);
  }
  if (known.some((each) => each.slug === slug)) {
    throw new CliError(`There is a destination ${slug} already. A slug stays for ever: choose another.`);
  }
  const namesake = known.find(({ integrationNames }) => integrationNames.includes(name));
  if (namesake !== undefined) {
    throw new CliError(
      `"${name}" names the destination ${namesake.slug} in an event's integrations object: choose another.`,
    );
  }
  return {
    [ROWS_FILE]: withRow(rows, { slug, name }),
    [`shared/destinations/own/${slug}/definition.ts`]: definitionFile({ slug, name }),
    [`test/unit/shared/destinations/own/${slug}.test.ts`]: testFile({ slug, name }),
  };
}

/** Notes in the sweep's table what each destination sends (test/fixtures/destination-requests.json); without its lines a new one fails there. */
export const NOTE_REQUESTS = 'WRITE_SWEEP=1 npx jest --selectProjects sim --testPathPatterns destination-sweep';

/** What to do when the files are written. */
export const nextSteps = (slug: string): string =>
  [
    `It works already. Try it:  npx jest --selectProjects unit --testPathPatterns own/${slug}`,
    `Then make it yours, beginning with shared/destinations/own/${slug}/definition.ts (docs/adding-a-destination.md).`,
    `Before npm test is green, now and after each change of what it sends:  ${NOTE_REQUESTS} && npm run fix`,
  ].join('\n');

function withRow(rows: string, named: Named): string {
  const start = rows.indexOf(LIST_START);
  const end = rows.indexOf(LIST_END, start);
  if (start === -1 || end === -1) {
    throw new CliError(`The list of rows was not found in ${ROWS_FILE}: it must begin with "${LIST_START.trim()}".`);
  }
  return `${rows.slice(0, end + 1)}${rowText(named)}${rows.slice(end + 1)}`;
}
