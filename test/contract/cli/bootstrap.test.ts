import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A clone with a lock file of one package to run, one to test with, and one for other machines, on a path with spaces. */
const LOCK = {
  packages: {
    '': {},
    'node_modules/run-me': { version: '1.0.0' },
    'node_modules/test-me': { version: '2.0.0', dev: true },
    'node_modules/other-machine': { version: '3.0.0', optional: true },
  },
};
/** Stands in for npm: notes how it was called, and puts into node_modules what npm would. */
const NPM = `#!${process.execPath}
const { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync('npm-calls', args.join(' ') + '\\n');
if (process.env.NPM_SAYS) { console.error(process.env.NPM_SAYS); process.exit(1); }
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const installed = {};
mkdirSync('node_modules', { recursive: true });
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || entry.optional || (entry.dev && args.includes('--omit=dev'))) continue;
  if (path.endsWith(process.env.NPM_FORGETS ?? '/nothing')) continue;
  mkdirSync(path, { recursive: true });
  installed[path] = entry;
}
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: installed }));
console.log('added ' + Object.keys(installed).length + ' packages, and much noise');
`;

let root: string;
let bin: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-bootstrap-'));
  root = join(folder, 'a clone with spaces');
  bin = join(folder, 'bin');
  mkdirSync(join(root, 'cli'), { recursive: true });
  mkdirSync(bin);
  copyFileSync('cli/bootstrap.mjs', join(root, 'cli', 'bootstrap.mjs'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK));
  writeFileSync(join(bin, 'npm'), NPM);
  chmodSync(join(bin, 'npm'), 0o755);
  for (const command of ['start', 'test']) {
    writeFileSync(
      join(root, 'cli', `${command}.ts`),
      `const typed: string[] = process.argv.slice(2);
       console.log('${command} runs', JSON.stringify(typed));
       if (typed.includes('--wait')) { setInterval(() => {}, 1000); process.on('SIGINT', () => process.exit(7)); console.log('waiting'); }
       else process.exitCode = Number(typed[0] ?? 0);`,
    );
  }
});
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }));

type Ended = { code: number | null; output: string; errors: string };
type Options = { environment?: Record<string, string>; path?: string };

function begin(args: string[], options: Options = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const { npm_execpath: _own, ...environment } = process.env;
  const child = spawn(process.execPath, [join(root, 'cli', 'bootstrap.mjs'), ...args], {
    env: { ...environment, PATH: options.path ?? `${bin}${delimiter}${process.env['PATH']}`, ...options.environment },
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, output, errors }))) };
}
const bootstrap = (args: string[], options?: Options): Promise<Ended> => begin(args, options).ended;
const npmCalls = (): string[] =>
  existsSync(join(root, 'npm-calls')) ? readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n') : [];
const installed = (name: string): boolean => existsSync(join(root, 'node_modules', name));

test('the first start installs what running needs, says so in lines, and keeps npm’s noise in a file', async () => {
  const { code, output, errors } = await bootstrap(['start', '0', '--port', '5000']);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(output).toMatch(
    /^Installing what running needs: 1 packages, once\nInstalled \d+ MB in \d+\.\d s\nstart runs \["0","--port","5000"\]\n$/,
  );
  expect(npmCalls()).toEqual([
    'install --no-save --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=warn --omit=dev --include=optional',
  ]);
  expect(readFileSync(join(root, '.build', 'install.log'), 'utf8')).toContain('much noise');
  expect([installed('run-me'), installed('test-me')]).toEqual([true, false]);
});

test('a second start installs nothing and says nothing', async () => {
  await bootstrap(['start']);
  expect((await bootstrap(['start'])).output).toBe('start runs []\n');
  expect(npmCalls()).toHaveLength(1);
});

test('tests add to what is there; a start after them takes nothing away', async () => {
  await bootstrap(['start']);
  writeFileSync(join(root, 'node_modules', 'run-me', 'in-use'), '');
  await bootstrap(['test']);
  expect(npmCalls()[1]).toContain('--include=dev');
  expect([installed('run-me/in-use'), installed('test-me')]).toEqual([true, true]);
  await bootstrap(['start']);
  expect(npmCalls()).toHaveLength(2);
});

test('after a change of the lock file a start brings everything up to date that was there, tests too', async () => {
  await bootstrap(['test']);
  const lock = structuredClone(LOCK);
  lock.packages['node_modules/run-me'].version = '1.1.0';
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
  await bootstrap(['start']);
  expect(npmCalls()).toHaveLength(2);
  expect(npmCalls()[1]).toContain('--include=dev');
});

test('a package that somebody removed is installed again', async () => {
  await bootstrap(['start']);
  rmSync(join(root, 'node_modules', 'run-me'), { recursive: true });
  await bootstrap(['start']);
  expect(installed('run-me')).toBe(true);
});

test.each([
  ['npm error code ENOTFOUND', 'npm cannot reach its registry'],
  ['npm error code ENOSPC', 'is full'],
  ['npm error code EACCES', 'npm may not write into'],
  ['npm error code EINTEGRITY', 'npm cache clean'],
  ['npm error something else', 'npm install failed (1): the reason is in'],
])('%s is one sentence that says what to do', async (says, sentence) => {
  const { code, errors } = await bootstrap(['start'], { environment: { NPM_SAYS: says } });
  expect(code).toBe(1);
  expect(errors).toContain(sentence);
  expect(errors.trim().split('\n')).toHaveLength(1);
});

test('a package that npm left out is an error, not a crash later', async () => {
  const { code, errors } = await bootstrap(['start'], { environment: { NPM_FORGETS: '/run-me' } });
  expect({ code, errors }).toEqual({
    code: 1,
    errors: expect.stringMatching(/^npm left out 1 packages \(node_modules\/run-me first\): see .*install\.log/),
  });
});

test('without npm it says where npm comes from', async () => {
  const { code, errors } = await bootstrap(['start'], { path: '/nonexistent' });
  expect({ code, errors }).toEqual({
    code: 1,
    errors: 'npm is not to be found: install Node from https://nodejs.org, which brings it along.\n',
  });
});

test.each([
  [
    ['dance'],
    'There is no command "dance"; there are start, demo, bench, sim, seed, smoke, replay, destination, suppress, doctor, tributary, destroy, oauth, new-destination, build-testing, test.',
  ],
  [['constructor'], 'There is no command "constructor"'],
  [[], 'There is no command ""'],
])('%j is no command', async (args, sentence) => {
  const { code, errors } = await bootstrap(args);
  expect(code).toBe(1);
  expect(errors).toContain(sentence);
});

test('the exit code of the command is the exit code', async () => {
  expect((await bootstrap(['start', '3'])).code).toBe(3);
});

test('a signal goes on to the command', async () => {
  const { child, ended } = begin(['start', '--wait']);
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes('waiting') && resolve());
  });
  child.kill('SIGINT');
  expect((await ended).code).toBe(7);
});

test('a lock that a killed installation left is taken over', async () => {
  mkdirSync(join(root, '.build'));
  const dead = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => dead.on('exit', resolve));
  writeFileSync(join(root, '.build', 'install.lock'), String(dead.pid));
  expect((await bootstrap(['start'])).code).toBe(0);
  expect(existsSync(join(root, '.build', 'install.lock'))).toBe(false);
});

test('an installation that another command runs is waited for, and used', async () => {
  mkdirSync(join(root, '.build'));
  const lock = join(root, '.build', 'install.lock');
  writeFileSync(lock, String(process.pid));
  const { child, ended } = begin(['start']);
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes('waiting for it') && resolve());
  });
  mkdirSync(join(root, 'node_modules', 'run-me'), { recursive: true });
  writeFileSync(
    join(root, 'node_modules', '.package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/run-me': { version: '1.0.0' } } }),
  );
  rmSync(lock);
  expect((await ended).output).toBe('Another command is installing; waiting for it\nstart runs []\n');
  expect(npmCalls()).toEqual([]);
});
