import { execFileSync } from 'node:child_process';

const LIMITLESS = 'unlimited';

/** Whether this machine can take the room for files away from a running process: Linux with util-linux' prlimit. */
export function canFillDisks(): boolean {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
}

/** No file of the process can be written beyond so many bytes from now on, as on a disk that is full (RLIMIT_FSIZE). */
export const fillDisk = (pid: number, bytesMax: number): void => setLimit(pid, String(bytesMax));

export const makeRoom = (pid: number): void => setLimit(pid, LIMITLESS);

const setLimit = (pid: number, soft: string): void => {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${soft}:${LIMITLESS}`], { stdio: 'pipe' });
};
