// Gets from a fresh clone to a running command: installs what is missing, then runs cli/<command>.ts under Node 24.
// Plain JavaScript for Node 20, and nothing but node:* is imported: at this moment nothing else may be there.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** The oldest Node that can run this file and npm, and the oldest that runs the product. */
const BOOTSTRAP_NODE_MIN = 20;
const PRODUCT_NODE_MIN = 24;
/** `run`: what the product needs to run. `all`: tests and checks on top. */
const NEEDS = {
  start: 'run',
  demo: 'run',
  bench: 'run',
  sim: 'run',
  seed: 'run',
  smoke: 'run',
  replay: 'run',
  destination: 'run',
  suppress: 'run',
  doctor: 'run',
  tributary: 'run',
  destroy: 'run',
  oauth: 'run',
  // It formats what it writes.
  'new-destination': 'all',
  // It writes types, by the compiler.
  'build-testing': 'all',
  test: 'all',
};
const INSTALL_MINUTES_MAX = 20;
const LOCK_POLL_MS = 500;
/** Room that a full installation takes, with npm's cache: below it npm fails half-way. */
const DISK_BYTES_MIN = 1_500_000_000;

/** Something a person can put right; its text is the one sentence they see. */
class SetUpError extends Error {}

async function main() {
  const [command = '', ...args] = process.argv.slice(2);
  if (majorOf(process.versions.node) < BOOTSTRAP_NODE_MIN) {
    throw new SetUpError(
      `Tributary needs Node ${BOOTSTRAP_NODE_MIN} or newer to set itself up, and this is ${process.versions.node}: install a newer one from https://nodejs.org.`,
    );
  }
  if (!Object.hasOwn(NEEDS, command)) {
    throw new SetUpError(`There is no command "${command}"; there are ${Object.keys(NEEDS).join(', ')}.`);
  }
  const lock = readJson(join(ROOT, 'package-lock.json'));
  if (lock === undefined) throw new SetUpError(`package-lock.json is missing in ${ROOT}: clone the repository again.`);
  await installWhatIsMissing(lock, NEEDS[command]);
  const node = newEnoughNode();
  if (node === undefined) {
    throw new SetUpError(
      `Tributary runs on Node ${PRODUCT_NODE_MIN}, there is no packaged one for ${process.platform} ${process.arch}, and this machine has ${process.versions.node}: install Node ${PRODUCT_NODE_MIN} from https://nodejs.org.`,
    );
  }
  process.exitCode = await run(node, [join(ROOT, 'cli', `${command}.ts`), ...args]);
}

/**
 * What is missing for a level, as npm's lock file has it: a package absent or of another version than locked. Optional ones (other
 * platforms' binaries) are npm's business, but for the packaged Node where this machine's own is too old.
 */
function missingPackages(lock, level) {
  const installed = readJson(join(ROOT, 'node_modules', '.package-lock.json'))?.packages ?? {};
  return Object.entries(lock.packages ?? {}).filter(([path, entry]) => {
    if (path === '' || entry.link || entry.optional || entry.devOptional || (level === 'run' && entry.dev))
      return false;
    return installed[path]?.version !== entry.version || !existsSync(join(ROOT, path));
  });
}

/** Once tests were installed they stay: `npm install --omit=dev` would remove them. */
function levelInstalled() {
  const installed = readJson(join(ROOT, 'node_modules', '.package-lock.json'))?.packages ?? {};
  return Object.values(installed).some((entry) => entry.dev) ? 'all' : 'run';
}

async function installWhatIsMissing(lock, needed) {
  const complete = () => missingPackages(lock, needed).length === 0 && newEnoughNode() !== undefined;
  if (complete()) return;
  const release = await lockInstallation();
  try {
    // Another command may have installed it while this one waited for the lock.
    if (complete()) return;
    const level = needed === 'all' ? 'all' : levelInstalled();
    const count = missingPackages(lock, level).length;
    const what = level === 'all' ? 'everything that running and testing needs' : 'what running needs';
    process.stdout.write(`Installing ${what}: ${count} packages, once\n`);
    const bytesBefore = bytesUnder(join(ROOT, 'node_modules'));
    const startedAt = Date.now();
    await npmInstall(level);
    const megabytes = Math.max(0, bytesUnder(join(ROOT, 'node_modules')) - bytesBefore) / 1e6;
    process.stdout.write(`Installed ${megabytes.toFixed(0)} MB in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
    const stillMissing = missingPackages(lock, needed);
    if (stillMissing.length > 0) {
      throw new SetUpError(
        `npm left out ${stillMissing.length} packages (${stillMissing[0][0]} first): see ${logFile()}, then remove node_modules and try again.`,
      );
    }
    if (majorOf(process.versions.node) < PRODUCT_NODE_MIN && newEnoughNode() !== undefined) {
      process.stdout.write(
        `Node ${process.versions.node} is too old to run it: the packaged Node ${PRODUCT_NODE_MIN} does\n`,
      );
    }
  } finally {
    release();
  }
}

/** Adds to node_modules and takes nothing away: `npm ci` would empty it under a running system. No package's scripts are run. */
async function npmInstall(level) {
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  args.push('--loglevel=warn', level === 'run' ? '--omit=dev' : '--include=dev', '--include=optional');
  refuseLittleDisk();
  const log = openSync(logFile(), 'w');
  try {
    const code = await npm(args, log);
    if (code === 0) return;
    throw new SetUpError(whyNpmFailed(readFileSync(logFile(), 'utf8'), code));
  } finally {
    closeSync(log);
  }
}

function npm(args, log) {
  const cli = process.env.npm_execpath;
  const isNpm = cli !== undefined && basename(cli) === 'npm-cli.js' && existsSync(cli);
  const [file, fileArgs] = isNpm ? [process.execPath, [cli, ...args]] : ['npm', args];
  return new Promise((resolve, reject) => {
    const child = spawn(file, fileArgs, {
      cwd: ROOT,
      stdio: ['ignore', log, log],
      shell: !isNpm && process.platform === 'win32',
    });
    // A timer of its own: spawn's `timeout` goes on for its whole time where the program is not there.
    const timer = setTimeout(() => child.kill(), INSTALL_MINUTES_MAX * 60_000);
    child.on('error', () => {
      clearTimeout(timer);
      reject(new SetUpError('npm is not to be found: install Node from https://nodejs.org, which brings it along.'));
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(code ?? signal);
    });
  });
}

function whyNpmFailed(output, code) {
  if (/ENOSPC|no space left/i.test(output)) return `The disk under ${ROOT} is full: free some 1.5 GB and try again.`;
  if (/EROFS|EACCES|EPERM/.test(output)) {
    return `npm may not write into ${join(ROOT, 'node_modules')}: make that folder yours and try again.`;
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network|ERR_SOCKET/i.test(output)) {
    return `npm cannot reach its registry: check the network or proxy (npm config get registry) and try again; details are in ${logFile()}.`;
  }
  if (/EINTEGRITY/.test(output)) {
    return `A package is not the one that package-lock.json names: run "npm cache clean --force" and try again; details are in ${logFile()}.`;
  }
  return `npm install failed (${code}): the reason is in ${logFile()}.`;
}

function refuseLittleDisk() {
  try {
    const { bavail, bsize } = statfsSync(ROOT);
    if (bavail * bsize >= DISK_BYTES_MIN || existsSync(join(ROOT, 'node_modules', '.package-lock.json'))) return;
  } catch {
    // A file system that does not say is tried.
    return;
  }
  throw new SetUpError(
    `There is too little room under ${ROOT}: installing takes up to 1.5 GB; free some and try again.`,
  );
}

const buildDirectory = () => join(ROOT, '.build');
const logFile = () => join(buildDirectory(), 'install.log');

/** One installation at a time: `npm test` beside an `npm start` that still installs waits for it. */
async function lockInstallation() {
  const path = join(buildDirectory(), 'install.lock');
  try {
    mkdirSync(buildDirectory(), { recursive: true });
  } catch (error) {
    throw new SetUpError(`Tributary may not write into ${ROOT} (${error.code}): make that folder yours and try again.`);
  }
  for (let tries = 0; tries < (INSTALL_MINUTES_MAX * 60_000) / LOCK_POLL_MS; tries += 1) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code === 'ENOSPC') throw new SetUpError(`The disk under ${ROOT} is full: free some and try again.`);
      if (error.code !== 'EEXIST') {
        throw new SetUpError(`Tributary may not write into ${buildDirectory()} (${error.code}): make it yours.`);
      }
    }
    if (!isAlive(readText(path))) rmSync(path, { force: true });
    else {
      if (tries === 0) process.stdout.write('Another command is installing; waiting for it\n');
      await wait(LOCK_POLL_MS);
    }
  }
  throw new SetUpError(`Another command has been installing for ${INSTALL_MINUTES_MAX} minutes: end it and try again.`);
}

function isAlive(pid) {
  try {
    return Number(pid) > 0 && process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** This Node where it is new enough, else the packaged one where it runs on this machine. */
function newEnoughNode() {
  if (majorOf(process.versions.node) >= PRODUCT_NODE_MIN) return process.execPath;
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  if (process.platform === 'win32') names.push(`node-win-${process.arch}`);
  for (const name of names) {
    const folder = join(ROOT, 'node_modules', name);
    const bin = readJson(join(folder, 'package.json'))?.bin;
    const file = typeof bin === 'string' ? bin : bin?.node;
    if (file === undefined) continue;
    const path = join(folder, file);
    const answer = spawnSync(path, ['--version'], { encoding: 'utf8' });
    if (answer.status === 0 && majorOf(answer.stdout.trim().replace(/^v/, '')) >= PRODUCT_NODE_MIN) return path;
  }
  return undefined;
}

/** Runs to the end. Signals go on to the command, its exit code comes back. */
function run(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new SetUpError(`${node} does not start: ${error.message}.`)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

const majorOf = (version) => Number(version.split('.')[0]);

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function bytesUnder(folder) {
  let bytes = 0;
  let entries = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return 0;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += bytesUnder(path);
    else bytes += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
