import { availableParallelism, totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DOWN, type OutageReport } from '../test/sim/outage.ts';
import { PLANTS } from '../test/sim/plants.ts';
import { FULL, SMALL } from '../test/sim/policies.ts';
import { brokenRules, coverageOf, runSeeds, type SeedResult } from '../test/sim/run-seeds.ts';
import { CliError } from './cli-error.ts';
import { helpText, readFlags, wholeNumber } from './flags.ts';
import { runCommand } from './run-command.ts';

const FLAGS = {
  seeds: { value: 'N', help: 'how many seeds are played (200)' },
  from: { value: 'N', help: 'the first of them (1)' },
  seed: { value: 'N', help: 'plays this one alone' },
  trace: { help: 'tells each step of it' },
  full: { help: "production's windows and outages of hours, instead of minutes" },
  plant: { value: 'TEXT', help: 'plants the bug whose name has this text, to see it found' },
  outage: { value: 'N', help: 'plays a four hour outage at N events a second, 20 a request, instead of seeds' },
  help: { help: 'print this' },
} as const;
const USAGE = 'npm run sim [-- --seeds N]';
const ABOUT =
  'Plays route, deliver and the dead-letter function in virtual time, with faults by seed: docs/simulator.md.';

const SEEDS_DEFAULT = 200;
const SEED_MAX = 1_000_000_000;
const EVENTS_PER_SECOND_MAX = 1_000;

function plantNamed(text: string): (typeof PLANTS)[number] {
  const found = PLANTS.find(({ name }) => name.includes(text));
  if (found !== undefined) return found;
  throw new CliError(`No plant has "${text}" in its name; there are: ${PLANTS.map(({ name }) => name).join('; ')}.`);
}

/** Shares the seeds among the machine's cores. Each worker ends at its first broken rule. */
async function inWorkers(from: number, count: number, isFull: boolean): Promise<SeedResult[]> {
  const workers = Math.min(availableParallelism(), count);
  const share = Math.ceil(count / workers);
  const results = await Promise.all(
    Array.from({ length: workers }, (_, number) => {
      const first = from + number * share;
      return inWorker({ from: first, count: Math.min(share, from + count - first), isFull });
    }),
  );
  return results.flat();
}

const inWorker = (workerData: { from: number; count: number; isFull: boolean }): Promise<SeedResult[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('sim/play-seeds.ts', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });

/** `flags` are those without which a seed would not play the same. */
function report(results: readonly SeedResult[], seconds: number, flags: string): number {
  const virtualSeconds = results.reduce((sum, { virtualMs }) => sum + virtualMs, 0) / 1_000;
  const steps = results.reduce((sum, each) => sum + each.steps, 0);
  for (const [kind, seeds] of [...coverageOf(results)].toSorted(([, a], [, b]) => b - a)) {
    console.log(`${kind.padEnd(32)} in ${String(seeds).padStart(6)} of ${results.length} seeds`);
  }
  console.log(
    `${results.length} seeds, ${steps} steps, ${(virtualSeconds / 3_600).toFixed(1)} virtual hours in ${seconds.toFixed(1)} s: ${Math.round(virtualSeconds / seconds)} times real time`,
  );
  const broken = brokenRules(results, flags);
  if (broken === '') {
    console.log('No rule was broken.');
    return 0;
  }
  console.error(broken);
  return 1;
}

/** At 100 events a second some 8 GB of rows and books, which the heap of a thread may be given. */
const HEAP_SHARE = 0.8;
const MB = 1_048_576;

async function outage(eventsPerSecond: number): Promise<number> {
  const startedMs = performance.now();
  const report = await new Promise<OutageReport>((resolve, reject) => {
    const worker = new Worker(new URL('sim/play-outage.ts', import.meta.url), {
      workerData: { eventsPerSecond },
      resourceLimits: { maxOldGenerationSizeMb: Math.floor((totalmem() * HEAP_SHARE) / MB) },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const { failure, virtualMs, delivered, sends, othersP95Ms, inFlightMax } = report;
  const ratio = Math.round(virtualMs / (performance.now() - startedMs));
  console.log(
    `${DOWN} was down for four hours: ${delivered} of ${sends} sends delivered, ${inFlightMax} messages in flight at most`,
  );
  console.log(`the others: 95 % within ${othersP95Ms} ms; ${ratio} times real time`);
  if (failure !== undefined) console.error(`Broken rule: ${failure.rule}: ${failure.detail}`);
  return failure === undefined && delivered === sends ? 0 : 1;
}

await runCommand(async (argv) => {
  const { flags } = readFlags(FLAGS, argv);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  if (flags.outage !== undefined) return await outage(wholeNumber('outage', flags.outage, 1, EVENTS_PER_SECOND_MAX));
  const count = flags.seed === undefined ? wholeNumber('seeds', flags.seeds ?? String(SEEDS_DEFAULT), 1, SEED_MAX) : 1;
  const from = wholeNumber('seed', flags.seed ?? flags.from ?? '1', 1, SEED_MAX);
  const plant = flags.plant === undefined ? undefined : plantNamed(flags.plant);
  const startedMs = performance.now();
  const isAlone = count === 1 || plant !== undefined || flags.trace;
  const results = isAlone
    ? await runSeeds(
        { from, count },
        { plant, scale: flags.full ? FULL : SMALL, ...(flags.trace && { trace: (line: string) => console.log(line) }) },
      )
    : await inWorkers(from, count, flags.full);
  const same = [flags.full ? '--full' : '', plant === undefined ? '' : `--plant "${plant.name}"`].filter(Boolean);
  return report(results, (performance.now() - startedMs) / 1_000, same.join(' '));
});
