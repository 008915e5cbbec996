import { placeholdersIn } from './files/placeholders.ts';
import type { Files } from './files/workspace-files.ts';

/** A value shorter than this would take ordinary words out of what is printed. */
const SECRET_CHARS_MIN = 8;

/** Takes the values that placeholders stand for out of what is printed: `${NAME}` again, also where they stand in JSON. */
export function keepSecrets(files: Files, env: Readonly<Record<string, string | undefined>>): (line: string) => string {
  const pairs = [...new Set([...files.destinations, ...files.sources].flatMap((file) => placeholdersIn(file)))]
    .flatMap((name) => {
      const value = env[name];
      if (value === undefined || value.length < SECRET_CHARS_MIN) return [];
      return [value, JSON.stringify(value).slice(1, -1)].map((text) => [text, `\${${name}}`] as const);
    })
    // Of one that holds another the longer goes first.
    .toSorted(([a], [b]) => b.length - a.length);
  return (line) => pairs.reduce((text, [value, name]) => text.replaceAll(value, () => name), line);
}
