import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aDirectory, isLeft } from '../../builders/running-tributary.ts';

test('what an ended test process left is removed; what a living one or one unknown holds stays', () => {
  const { pid: ended } = spawnSync(process.execPath, ['-e', '']);
  const left = join(tmpdir(), `tributary-test-${ended}-left`);
  mkdirSync(left);
  const unknown = mkdtempSync(join(tmpdir(), 'tributary-test-example-'));

  const mine = aDirectory();
  expect([left, unknown, mine].map((path) => existsSync(path))).toEqual([false, true, true]);

  expect(isLeft(`tributary-test-${process.ppid}-x`)).toBe(false);
  expect(isLeft(`another-${ended}-x`)).toBe(false);
  for (const path of [unknown, mine]) rmSync(path, { recursive: true });
});
