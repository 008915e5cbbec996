import { type Io, UsageError } from '../command.ts';

export function folderOf([folder]: readonly string[], io: Io): string {
  if (folder === undefined) throw new UsageError('Name the folder; --help shows how the command is used.');
  return io.path(folder);
}
