import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** As long as a start waits for its own synthesis. */
const WAIT_MS_MAX = 180_000;

/**
 * One build at a time in a directory: others wait here, blocking, since two at once would empty what the other copies from. The lock is the operating
 * system's (on a SQLite file), so one that a killed process left is none. Answers how to let go. Throws where another works longer than WAIT_MS_MAX.
 */
export function lockBuild(directory: string, waitMsMax: number = WAIT_MS_MAX): () => void {
  mkdirSync(directory, { recursive: true });
  const lock = new DatabaseSync(join(directory, 'build.lock'), { timeout: waitMsMax });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!/database is locked/.test(String(error))) throw error;
    throw new Error(`Another build works in ${directory}, for ${waitMsMax / 1_000} s by now: end it and try again.`, {
      cause: error,
    });
  }
  return () => lock.close();
}
