import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweep } from '../../builders/running-tributary.ts';

test('what an ended test process left is removed; what a living one or one unknown holds stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-swept-'));
  const { pid: ended } = spawnSync(process.execPath, ['-e', '']);
  const names = [
    `tributary-test-${ended}-left`,
    'tributary-test-example-zcWmQP',
    `tributary-test-${process.pid}-mine`,
    // Of somebody else, where tests do not run as root.
    'tributary-test-1-x',
    `another-${ended}-x`,
  ];
  for (const name of names) mkdirSync(join(folder, name));
  sweep(folder);
  expect(names.map((name) => existsSync(join(folder, name)))).toEqual([false, true, true, true, true]);
  rmSync(folder, { recursive: true });
});
