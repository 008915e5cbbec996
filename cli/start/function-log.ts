import { appendFileSync, renameSync, statSync } from 'node:fs';

/** The log file is renamed to `.1` at this size, and begun anew: at most twice as much is kept. */
const LOG_BYTES_MAX = 20_000_000;
/** Lines are written together, this often: a write for each would slow the functions down. */
const WRITE_INTERVAL_MS = 200;
const WAITING_CHARS_MAX = 1_000_000;

type FunctionLogLine = { functionName: string; atMs: number; line: string };

/** Keeps what functions and the platform print, in a file: the terminal shows only what is worth a person's attention. */
export function functionLog(file: string) {
  let waiting = '';
  let bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const write = (): void => {
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    try {
      if (bytes > LOG_BYTES_MAX) {
        renameSync(file, `${file}.1`);
        bytes = 0;
      }
      appendFileSync(file, text);
      bytes += Buffer.byteLength(text);
    } catch {
      // A full disk costs log lines, never the run.
    }
  };
  const timer = setInterval(write, WRITE_INTERVAL_MS);
  timer.unref();
  return {
    add: ({ functionName, atMs, line }: FunctionLogLine): void => {
      if (waiting.length < WAITING_CHARS_MAX) waiting += `${new Date(atMs).toISOString()} ${functionName} ${line}\n`;
    },
    close: (): void => {
      clearInterval(timer);
      write();
    },
  };
}
