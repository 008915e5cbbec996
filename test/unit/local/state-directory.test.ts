import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryFault, takeStateDirectory } from '../../../local/state-directory.ts';

test.each([
  [{ code: 'ENOSPC', message: 'no space' }, 'The disk that holds /d is full: free some space and start again.'],
  [{ message: 'database or disk is full' }, 'The disk that holds /d is full: free some space and start again.'],
  [
    { code: 'EROFS', message: 'read-only file system' },
    '/d cannot be written (read-only file system): choose another directory.',
  ],
  [{ message: 'database is locked' }, 'Another local cloud works in /d: stop it first, or choose another directory.'],
])('%o is told in one sentence', (error, sentence) => {
  expect(directoryFault('/d', Object.assign(new Error(error.message), error))).toBe(sentence);
});

test('a directory is one process at a time, and a killed process holds nothing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'state-'));
  const module = JSON.stringify(join(__dirname, '../../../local/state-directory.ts'));
  const script = `const { takeStateDirectory } = await import(${module}); takeStateDirectory(${JSON.stringify(directory)}); console.log('taken'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(() => takeStateDirectory(directory)).toThrow(
    `Another local cloud (process ${child.pid}) works in ${directory}`,
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  const release = takeStateDirectory(directory);
  expect(readFileSync(join(directory, 'pid'), 'utf8')).toBe(String(process.pid));
  release();
  takeStateDirectory(directory)();
});
