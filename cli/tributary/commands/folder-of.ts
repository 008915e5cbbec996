import { FOLDERS } from '../files/file-layout.ts';
import type { FileKind } from '../files/workspace-files.ts';
import type { Io } from '../command.ts';
import { KINDS } from '../workspace/known.ts';
import { UsageError } from '../usage-error.ts';

export function folderOf([folder]: readonly string[], io: Io): string {
  if (folder === undefined) throw new UsageError('Name the folder; --help shows how the command is used.');
  return io.path(folder);
}

const WORDS: Record<string, FileKind> = {
  settings: 'settings',
  labels: 'labels',
  ...Object.fromEntries(Object.entries(FOLDERS).map(([kind, word]) => [word, kind as FileKind])),
};

export const ONLY_FLAG = {
  only: { value: 'KINDS', help: `these kinds alone, with commas: ${Object.keys(WORDS).join(', ')}` },
} as const;

/** The kinds that --only names; all where nothing is said. */
export function kindsOf(text: string | undefined): readonly FileKind[] {
  if (text === undefined) return KINDS;
  return text.split(',').map((word) => {
    const kind = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    if (kind === undefined) throw new UsageError(`--only knows ${Object.keys(WORDS).join(', ')}, not "${word}".`);
    return kind;
  });
}
