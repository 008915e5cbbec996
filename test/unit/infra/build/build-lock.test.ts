import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockBuild } from '../../../../infra/build/build-lock.ts';

let directory: string;
let other: ChildProcess | undefined;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'tributary-build-lock-')), 'made');
});
afterEach(() => {
  other?.kill('SIGKILL');
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

test('while one builds another waits, and says what is the matter when that takes too long', () => {
  const release = lockBuild(directory);
  expect(() => lockBuild(directory, 100)).toThrow(
    `Another build works in ${directory}, for 0.1 s by now: end it and try again.`,
  );
  release();
  lockBuild(directory, 100)();
});

test('a build that was killed holds nothing', async () => {
  const script = `
    const { lockBuild } = await import(${JSON.stringify(join(process.cwd(), 'infra', 'build', 'build-lock.ts'))});
    lockBuild(${JSON.stringify(directory)});
    console.log('held');
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  other = child;
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(() => lockBuild(directory, 0)).toThrow('Another build works');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  lockBuild(directory, 100)();
});
