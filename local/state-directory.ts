import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Enough that a disk with only its last block free counts as full. */
const PROBE_BYTES = 256 * 1024;

/**
 * Takes a directory for this process alone, making it where it is missing, and tries whether it can be written. Throws an Error of one sentence that
 * says what to do. The lock is the operating system's (on a SQLite file), so one that a killed process left is none; `pid` says who has it.
 * Answers how to let go.
 */
export function takeStateDirectory(directory: string): () => void {
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    lock = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    probe(join(directory, 'probe'));
    writeFileSync(join(directory, 'pid'), String(process.pid));
  } catch (error) {
    lock?.close();
    throw new Error(directoryFault(directory, error), { cause: error });
  }
  const held = lock;
  return () => {
    rmSync(join(directory, 'pid'), { force: true });
    held.close();
  };
}

function probe(file: string): void {
  try {
    const descriptor = openSync(file, 'w');
    try {
      writeSync(descriptor, Buffer.alloc(PROBE_BYTES));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } finally {
    rmSync(file, { force: true });
  }
}

/** What is wrong with a directory that could not be taken, as one sentence for people. */
export function directoryFault(directory: string, error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (/database is locked/.test(message ?? '')) {
    return `Another local cloud${holder(directory)} works in ${directory}: stop it first, or choose another directory.`;
  }
  if (code === 'ENOSPC' || code === 'EDQUOT' || /database or disk is full/.test(message ?? '')) {
    return `The disk that holds ${directory} is full: free some space and start again.`;
  }
  return `${directory} cannot be written (${message ?? String(error)}): choose another directory.`;
}

function holder(directory: string): string {
  try {
    return ` (process ${readFileSync(join(directory, 'pid'), 'utf8')})`;
  } catch {
    return '';
  }
}
