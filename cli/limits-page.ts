import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Folders of what runs in a deployment; the local cloud and the commands have bounds of their own beside the code. */
const FOLDERS = ['shared/config', 'shared', 'functions', 'infra'];
/** A bound is a constant in capitals whose name says a unit or that it is a limit; how long an hour is bounds nothing. */
const BOUND =
  /^(?:export )?const ([A-Z][A-Z0-9_]*(?:_MAX|_MIN|_MS|_SECONDS|_MINUTES|_HOURS|_DAYS|_SHARDS|_ALARM|_AGAIN|_LOOP)(?:_MAX)?) = ([^;]+);$/;
const UNIT = /^(MINUTE|HOUR|DAY)_(MS|SECONDS)$/;
const VALUE_CHARS_MAX = 80;

export type Bound = { name: string; value: string; meaning: string; file: string };

/** Every named bound of the product, as its source says it: first what parts share, then file by file. */
export function findBounds(root: string): Bound[] {
  const seen = new Set<string>();
  return FOLDERS.flatMap((folder) => sourcesUnder(join(root, folder))).flatMap((path) => {
    if (seen.has(path)) return [];
    seen.add(path);
    return boundsIn(readFileSync(path, 'utf8'), relative(root, path));
  });
}

function sourcesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('generated'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** A doc comment speaks for the constants that follow it without a line between them. */
export function boundsIn(text: string, file: string): Bound[] {
  const bounds: Bound[] = [];
  let comment: string[] = [];
  let isOpen = false;
  for (const line of text.split('\n')) {
    const bound = BOUND.exec(line);
    if (line.startsWith('/**')) {
      comment = [line];
      isOpen = !line.includes('*/');
    } else if (isOpen) {
      comment.push(line);
      isOpen = !line.includes('*/');
    } else if (bound !== null) {
      const [, name = '', value = ''] = bound;
      if (!UNIT.test(name) && (/\d/.test(value) || /_MS|_MAX/.test(value))) {
        bounds.push({ name, value: value.slice(0, VALUE_CHARS_MAX), meaning: sentenceOf(comment), file });
      }
    } else if (!/^(export )?const /.test(line)) comment = [];
  }
  return bounds;
}

const sentenceOf = (comment: readonly string[]): string =>
  comment
    .map((line) => line.replace(/^\s*\/?\*+\/?/, '').replace(/\*\/\s*$/, ''))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** docs/limits.md. */
export function limitsPage(bounds: readonly Bound[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  const rows = bounds.map(
    ({ name, value, meaning, file }) => `| \`${name}\` | \`${cell(value)}\` | ${cell(meaning)} | ${file} |`,
  );
  return [
    '# Limits',
    '',
    'Every bound of what runs in a deployment, taken from the source by `node cli/generate-limits.ts`; a test keeps this page true. What parts',
    'share comes first (`shared/config/limits.ts`). Deployment settings, which people choose, are in [deploy.md](deploy.md).',
    '',
    '| bound | value | what it bounds | where |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
