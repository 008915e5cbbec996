import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { apiUrl, fileProfiles, profilesPath } from '../../../../cli/tributary/profiles.ts';
import { readSecret } from '../../../../cli/tributary/read-secret.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-profiles-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});
const PROFILE = { url: 'https://api.example.com', token: 'tby_secret' };

test('a token lies in a file that its owner alone can read, in a folder likewise', async () => {
  const profiles = fileProfiles(join(folder, 'tributary', 'profiles.json'));
  await profiles.save('default', PROFILE);
  await profiles.save('staging', { ...PROFILE, workspace: 'shop' });
  expect((await stat(profiles.path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'tributary'))).mode & 0o777).toBe(0o700);
  await expect(profiles.get('default')).resolves.toEqual(PROFILE);
  await expect(profiles.remove('default')).resolves.toBe(true);
  await expect(profiles.remove('default')).resolves.toBe(false);
  await expect(profiles.get('default')).resolves.toBeUndefined();
  await expect(profiles.get('staging')).resolves.toEqual({ ...PROFILE, workspace: 'shop' });
  expect(await readFile(profiles.path, 'utf8')).not.toContain('"default"');
});

test('a file that others may read is not used: its tokens may be known', async () => {
  const profiles = fileProfiles(join(folder, 'profiles.json'));
  await profiles.save('default', PROFILE);
  await chmod(profiles.path, 0o644);
  await expect(profiles.get('default')).rejects.toThrow('others may read it');
});

test.each(['__proto__', 'constructor', 'toString'])('%s is a name of a profile like any other', async (name) => {
  const profiles = fileProfiles(join(folder, 'profiles.json'));
  await expect(profiles.get(name)).resolves.toBeUndefined();
});

test.each([
  [{ XDG_CONFIG_HOME: '/x' }, 'linux', '/x/tributary/profiles.json'],
  [{}, 'linux', '/home/ada/.config/tributary/profiles.json'],
  [{ APPDATA: '/app' }, 'win32', '/app/tributary/profiles.json'],
] as const)('with %j on %s it is %s', (env, platform, path) => {
  expect(profilesPath(env, platform, '/home/ada')).toBe(path);
});

test.each([
  ['https://api.example.com/', 'https://api.example.com'],
  ['https://api.example.com/control//', 'https://api.example.com/control'],
  ['http://127.0.0.1:4747', 'http://127.0.0.1:4747'],
  ['http://localhost:4747/', 'http://localhost:4747'],
])('%s is the API at %s', (text, url) => {
  expect(apiUrl(text)).toBe(url);
});

test.each(['http://api.example.com', 'ftp://x', 'api.example.com', 'https://u:p@x', 'https://x?a=b', ''])(
  'a token is not sent to %j',
  (text) => {
    expect(() => apiUrl(text)).toThrow();
  },
);

test('what is piped in is read whole, without its line’s end', async () => {
  await expect(readSecret('?', Readable.from(['tby_', 'abc\n']), { write: () => true })).resolves.toBe('tby_abc');
});

test('what is typed is not shown', async () => {
  const shown: string[] = [];
  const modes: boolean[] = [];
  const typed = Object.assign(Readable.from(['tby_x\u007fy', '\r', 'rest']), {
    isTTY: true,
    setRawMode: (mode: boolean) => {
      modes.push(mode);
    },
  });
  const output = {
    write: (text: string) => {
      shown.push(text);
      return true;
    },
  };
  await expect(readSecret('API token: ', typed as never, output as never)).resolves.toBe('tby_y');
  expect(shown).toEqual(['API token: ', '\n']);
  expect(modes).toEqual([true, false]);
});
