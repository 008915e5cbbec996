import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helpText, readFlags } from './flags.ts';
import { runCommand } from './run-command.ts';
import { addUp, JestResult, lastLine, type TestCount } from './test/jest-result.ts';

const ROOT = join(import.meta.dirname, '..');
/** In the order in which a fault shows soonest. Slow proofs (minutes) run in CI and by `npm run test:slow`. */
const SUITES = [
  { name: 'unit', minutesMax: 10, args: [] },
  { name: 'infra', minutesMax: 5, args: [] },
  { name: 'contract', minutesMax: 8, args: [] },
  { name: 'sim', minutesMax: 8, args: [] },
  // Each file has a cloud of its own, which waits more than it works; beyond two, times of answers would be those of the machine (a start took 10.4 s of 10 with three).
  { name: 'e2e', minutesMax: 35, args: ['--maxWorkers=2'] },
  { name: 'web', minutesMax: 20, args: ['--maxWorkers=2'] },
] as const;

const FLAGS = { help: { help: 'print this' } } as const;
const USAGE = 'npm test [-- PATTERN]';
const ABOUT =
  'Runs all tests but the slow ones: unit, infra, contract, the simulator, e2e, the web app. PATTERN chooses files by their path.';

async function main(argv: string[]): Promise<number> {
  const { flags, plain } = readFlags(FLAGS, argv, 1);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  if (spawnSync('java', ['-version']).status !== 0) {
    console.log(
      'Skipped: the comparison with DynamoDB Local, because Java is not installed; the local cloud is tested all the same',
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'tributary-tests-'));
  const counts: TestCount[] = [];
  try {
    for (const suite of SUITES) {
      const count = await runSuite(suite, plain, join(folder, `${suite.name}.json`));
      counts.push(count);
      console.log(`${suite.name.padEnd(9)} ${lastLine(count)} in ${count.seconds.toFixed(1)} s`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const total = addUp(counts);
  console.log(lastLine(total));
  return total.failed === 0 ? 0 : 1;
}

/** Runs one of jest's projects. Its output is shown only where something failed. A run without a result counts as one failure. */
async function runSuite(
  suite: (typeof SUITES)[number],
  patterns: readonly string[],
  resultFile: string,
): Promise<TestCount> {
  const startedMs = Date.now();
  const args = ['--selectProjects', suite.name, '--json', `--outputFile=${resultFile}`, '--passWithNoTests'];
  for (const pattern of patterns) args.push('--testPathPatterns', pattern);
  const child = spawn(
    process.execPath,
    [join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), ...args, ...suite.args],
    {
      cwd: ROOT,
      // Results go into the file; jest's report of failures is what comes on standard error.
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: suite.minutesMax * 60_000,
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    },
  );
  let report = '';
  child.stderr.on('data', (chunk: Buffer) => (report += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const seconds = (Date.now() - startedMs) / 1_000;
  const result = readResult(resultFile);
  if (code !== 0) console.error(report);
  if (result === undefined) {
    console.error(`${suite.name} did not end within ${suite.minutesMax} minutes, or jest failed to run`);
    return { passed: 0, failed: 1, skipped: 0, seconds };
  }
  // A suite that cannot be loaded has no tests that could fail; jest counts it apart.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
    seconds,
  };
}

function readResult(file: string): JestResult | undefined {
  try {
    return JestResult.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

await runCommand(main);
