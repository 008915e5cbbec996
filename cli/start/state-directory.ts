import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { directoryFault, takeStateDirectory } from '../../local/state-directory.ts';
import { CliError } from '../cli-error.ts';

/** Says that the directory is ours; nothing is removed from a directory without it. */
const MARKER = 'tributary.json';
/** All that a start writes into its directory, but for its lock. What else lies there is somebody's own and is never touched. */
const OURS = [
  MARKER,
  'cloud',
  'assembly',
  'synth.log',
  'functions.log',
  'functions.log.1',
  'endpoints.json',
  'seed.sealed',
  'aws.env',
] as const;
const LOCK_FILES = new Set(['lock', 'lock-journal', 'pid', 'probe']);

/** What one start leaves for the next: ports, so that URLs stay. */
const Ports = z.object({
  apiPort: z.int().optional(),
  sinkPort: z.int().optional(),
  awsPort: z.int().optional(),
  ledgerPort: z.int().optional(),
  cdnPort: z.int().optional(),
  signInPort: z.int().optional(),
  mailboxPort: z.int().optional(),
});
const Marker = Ports.extend({ madeBy: z.literal('tributary') });
export type Remembered = z.infer<typeof Ports>;

export type StateDirectory = {
  path: string;
  /** Whether an earlier start left state here. */
  isRestored: boolean;
  remembered: Remembered;
  remember(what: Remembered): void;
  /** Written to a second file and renamed, so that a reader never sees half of it. For its owner's eyes only: there are tokens in it. */
  write(name: (typeof OURS)[number], text: string): void;
  release(): void;
};

/**
 * Takes a directory for this process, making it where it is missing; `fresh` removes what earlier starts left. Throws CliError with one
 * sentence: another instance works on it, it holds something else, its disk is full, it cannot be written.
 */
export function takeDirectory(path: string, options: { fresh: boolean }): StateDirectory {
  const found = orCliError(path, () => {
    mkdirSync(path, { recursive: true });
    return readdirSync(path).filter((name) => !LOCK_FILES.has(name));
  });
  if (found.length > 0 && !found.includes(MARKER)) {
    throw new CliError(`${path} holds something else already: choose an empty or a new directory with --dir.`);
  }
  const release = takeLock(path);
  const write = (name: string, text: string): void => {
    const target = join(path, name);
    writeFileSync(`${target}.new`, text, { mode: 0o600 });
    renameSync(`${target}.new`, target);
  };
  const remember = (what: Remembered): void => write(MARKER, JSON.stringify({ madeBy: 'tributary', ...what }));
  try {
    return orCliError(path, () => {
      if (options.fresh) for (const name of OURS) rmSync(join(path, name), { recursive: true, force: true });
      const remembered = readMarker(join(path, MARKER));
      remember(remembered);
      return { path, isRestored: existsSync(join(path, 'cloud')), remembered, remember, write, release };
    });
  } catch (error) {
    release();
    throw error;
  }
}

function takeLock(path: string): () => void {
  try {
    return takeStateDirectory(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CliError(error.message, { cause: error });
  }
}

function orCliError<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new CliError(directoryFault(path, cause), { cause });
  }
}

function readMarker(file: string): Remembered {
  try {
    const { madeBy: _ours, ...ports } = Marker.parse(JSON.parse(readFileSync(file, 'utf8')));
    return ports;
  } catch {
    // None yet, or damaged: only ports are lost, and the next free ones serve.
    return {};
  }
}
