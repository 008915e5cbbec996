import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeDirectory } from '../../../../cli/start/state-directory.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const path = () => join(folder, 'state');

test('a directory that is missing is made; what is written is for its owner only', () => {
  const directory = takeDirectory(path(), { fresh: false });
  expect(directory.isRestored).toBe(false);
  directory.write('endpoints.json', '{}');
  expect(readFileSync(join(path(), 'endpoints.json'), 'utf8')).toBe('{}');
  expect(statSync(join(path(), 'endpoints.json')).mode & 0o077).toBe(0);
  directory.release();
});

test('the next start finds state and ports of the last one', () => {
  const first = takeDirectory(path(), { fresh: false });
  mkdirSync(join(path(), 'cloud'));
  first.remember({ sinkPort: 5001, apiPort: 5002 });
  first.release();
  const second = takeDirectory(path(), { fresh: false });
  expect([second.isRestored, second.remembered]).toEqual([true, { sinkPort: 5001, apiPort: 5002 }]);
  second.release();
});

test('a second instance on one directory is refused in one sentence, and may start when the first has ended', () => {
  const first = takeDirectory(path(), { fresh: false });
  expect(() => takeDirectory(path(), { fresh: false })).toThrow(/^Another local cloud .*stop it first/);
  // Not even to forget: that would pull the ground from under the first.
  mkdirSync(join(path(), 'cloud'));
  expect(() => takeDirectory(path(), { fresh: true })).toThrow(/^Another local cloud/);
  expect(existsSync(join(path(), 'cloud'))).toBe(true);
  first.release();
  takeDirectory(path(), { fresh: false }).release();
});

test('fresh forgets what starts left there, and leaves what somebody else put there', () => {
  const first = takeDirectory(path(), { fresh: false });
  mkdirSync(join(path(), 'cloud'));
  first.remember({ sinkPort: 5001 });
  first.release();
  writeFileSync(join(path(), 'my-notes.txt'), 'mine');
  const second = takeDirectory(path(), { fresh: true });
  expect([second.isRestored, second.remembered]).toEqual([false, {}]);
  expect(readFileSync(join(path(), 'my-notes.txt'), 'utf8')).toBe('mine');
  second.release();
});

test('a directory that holds something else is left alone, fresh or not', () => {
  mkdirSync(path());
  writeFileSync(join(path(), 'thesis.doc'), 'years of work');
  for (const fresh of [false, true]) expect(() => takeDirectory(path(), { fresh })).toThrow('holds something else');
  expect(readFileSync(join(path(), 'thesis.doc'), 'utf8')).toBe('years of work');
});

test('a file in its place, and a damaged marker', () => {
  writeFileSync(path(), '');
  expect(() => takeDirectory(path(), { fresh: false })).toThrow(/cannot be written/);
  rmSync(path());
  mkdirSync(path());
  writeFileSync(join(path(), 'tributary.json'), '{"madeBy');
  const directory = takeDirectory(path(), { fresh: false });
  expect(directory.remembered).toEqual({});
  directory.release();
});

// Root may write everywhere: the rights of a folder mean nothing to it.
(process.getuid?.() === 0 ? test.skip : test)('a directory without the right to write is one sentence', () => {
  chmodSync(folder, 0o500);
  expect(() => takeDirectory(path(), { fresh: false })).toThrow(/cannot be written/);
  chmodSync(folder, 0o700);
});
