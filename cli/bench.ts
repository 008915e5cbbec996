import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunctions } from '../infra/build/bundle.ts';
import { synthesiseBench } from '../test/bench/bench-assembly.ts';
import { apiLatency } from '../test/bench/api-latency.ts';
import { coldStarts } from '../test/bench/cold-start.ts';
import { type BacklogSize, backlogSizes } from '../test/bench/cost/backlog-sizes.ts';
import { startBenchCloud } from '../test/bench/cost/bench-cloud.ts';
import { measureCost } from '../test/bench/cost/measure-cost.ts';
import { deliverRate } from '../test/bench/deliver-rate.ts';
import { destinationLoads } from '../test/bench/destination-loads.ts';
import { endToEnd } from '../test/bench/end-to-end.ts';
import type { Figures } from '../test/bench/figures.ts';
import { filterCost } from '../test/bench/filter-cost.ts';
import { functionCpu } from '../test/bench/function-cpu.ts';
import { ingestCpu } from '../test/bench/ingest-cpu.ts';
import { markdownOf } from '../test/bench/markdown.ts';
import { CliError } from './cli-error.ts';
import { helpText, readFlags } from './flags.ts';
import { asTyped, runCommand } from './run-command.ts';

const FLAGS = {
  json: { value: 'FILE', help: 'writes the figures into a file' },
  markdown: { help: 'prints tables in Markdown at the end' },
  quick: { help: 'smaller backlogs and shorter loads: about a third of the time, and noisier' },
  only: {
    value: 'PARTS',
    help: 'some of bundles,cold,cpu,rate,filters,loads,e2e,api,cost with commas; or sizes: backlogs of several sizes',
  },
  help: { help: 'print this' },
} as const;
const USAGE = 'npm run bench -- [--json FILE] [--markdown] [--quick] [--only PARTS]';
const ABOUT =
  'Measures what one machine can say about the product: dollars by counted calls, CPU over floors of the same run, cold starts, memory. ' +
  'Ratios and counts hold elsewhere, times do not. About ten minutes on two cores.';
const PARTS = ['bundles', 'cold', 'cpu', 'rate', 'filters', 'loads', 'e2e', 'api', 'cost', 'sizes'] as const;
type Part = (typeof PARTS)[number];
/** Proves once what docs/cost.md says, and is not needed again each time. */
const NOT_BY_DEFAULT: Part = 'sizes';

const ROOT = join(import.meta.dirname, '..');
const KB = 1_024;
/** Events in one request: a browser that sends each at once, a usual server, a busy one. */
const EVENTS_A_REQUEST = [1, 20, 100] as const;

async function main(argv: string[]): Promise<number> {
  const { flags } = readFlags(FLAGS, argv);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const figures = await measure(partsOf(flags.only), flags.quick);
  if (flags.markdown) console.log(`\n${markdownOf(figures)}`);
  if (flags.json !== undefined) writeFileSync(asTyped(flags.json), `${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}

function partsOf(text: string | undefined): ReadonlySet<Part> {
  if (text === undefined) return new Set(PARTS.filter((part) => part !== NOT_BY_DEFAULT));
  return new Set(
    text.split(',').map((name) => {
      const part = PARTS.find((each) => each === name);
      if (part === undefined) throw new CliError(`--only knows ${PARTS.join(', ')}, not "${name}".`);
      return part;
    }),
  );
}

const say = (what: string, value: string): void => console.log(`${what.padEnd(62)} ${value}`);
const counting = (what: string): void => console.error(`counting: ${what}`);
const times = (ratio: number): string => `${ratio.toFixed(2)}x`;

async function measure(parts: ReadonlySet<Part>, isQuick: boolean): Promise<Figures> {
  const run = { date: new Date().toISOString().slice(0, 10), node: process.version, isQuick };
  const bundleKb = parts.has('bundles') ? await bundles() : undefined;
  const filters = parts.has('filters') ? filterTimes() : undefined;
  const functions =
    parts.has('cold') || parts.has('cpu') || parts.has('rate')
      ? await inBenchCloud(parts)
      : { coldStart: undefined, cpu: undefined, rate: undefined };
  const loads = parts.has('loads') ? await loadTimes() : undefined;
  const e2e = parts.has('e2e') ? await localCloud() : undefined;
  const api = parts.has('api') ? await apiTimes(isQuick) : undefined;
  const cost = parts.has('cost') ? await dollars(isQuick) : undefined;
  const sizes = parts.has('sizes') ? await sizesOfBacklogs() : undefined;
  const memoryMb = {
    localCloudAfterLoad: e2e?.rssMb,
    afterFirstEvent: Object.fromEntries(
      Object.entries(functions.coldStart ?? {}).map(([name, { rssMb }]) => [name, rssMb]),
    ),
    afterLoad: {
      route: rounded(functions.cpu?.route.rssMb),
      deliver: rounded(functions.cpu?.deliver.rssMb),
    },
  };
  return {
    run,
    ...cost,
    bundleKb,
    coldStart: functions.coldStart,
    cpu: functions.cpu,
    rate: functions.rate,
    filters,
    loads,
    e2e,
    api,
    sizes,
    memoryMb,
  };
}

const rounded = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value);

async function bundles(): Promise<Record<string, number>> {
  const bundled = await bundleFunctions(join(ROOT, '.build', 'functions'));
  for (const { name, bytes } of bundled) say(`bundle of ${name}, all chunks`, `${Math.round(bytes / KB)} KB`);
  return Object.fromEntries(bundled.map(({ name, bytes }) => [name, Math.round(bytes / KB)]));
}

async function inBenchCloud(parts: ReadonlySet<Part>) {
  const bench = await startBenchCloud(await synthesiseBench(), { batching: false, dedupBy: 'event' });
  try {
    const coldStart = parts.has('cold') ? await coldStarts(bench) : undefined;
    for (const [name, { ratio }] of Object.entries(coldStart ?? {})) {
      say(`cold start of ${name} with its first event, CPU`, `${times(ratio)} an empty Node`);
    }
    const rate = parts.has('rate') ? await deliverRate(bench) : undefined;
    if (rate !== undefined) {
      say(
        'deliver, 500 sends to a tool that takes 150 ms',
        `${Math.round(rate.shareOfIdeal * 100)} % of the ideal rate`,
      );
    }
    if (!parts.has('cpu')) return { coldStart, cpu: undefined, rate };
    const ingest = [];
    for (const eventsPerRequest of EVENTS_A_REQUEST) ingest.push(await ingestCpu(eventsPerRequest));
    for (const { eventsPerRequest, ratio } of ingest) {
      say(`ingest, CPU an event at ${eventsPerRequest} a request`, `${times(ratio)} reading and writing its JSON`);
    }
    const { route, deliver } = await functionCpu(bench);
    say('route, CPU an event at 20 a request, 3 destinations', `${times(route.ratio)} reading and writing its JSON`);
    say('deliver, CPU a request of a plain webhook', `${times(deliver.ratio)} Node's own HTTP client`);
    const byEvents = Object.fromEntries(ingest.map((each) => [each.eventsPerRequest, each]));
    return { coldStart, cpu: { ingest: byEvents, route, deliver }, rate };
  } finally {
    await bench.stop();
  }
}

function filterTimes() {
  const filters = filterCost();
  say('a filter of five conditions, CPU an event', `${filters.conditionsUs.toFixed(2)} us`);
  say('a filter that takes fields out of three objects, CPU an event', `${filters.fieldsUs.toFixed(2)} us`);
  return filters;
}

async function loadTimes() {
  const loads = await destinationLoads();
  for (const { type, ms } of loads) say(`loading ${type} beside a warm core`, `${ms.toFixed(0)} ms`);
  return loads;
}

async function localCloud() {
  const e2e = await endToEnd();
  say('local cloud, events to the sink at 1 a request', `${times(e2e.singleRateRatio)} the rate of bare requests`);
  say('local cloud, events to the sink at 20 a request', `${times(e2e.batchedRateRatio)} the rate of bare requests`);
  say('from 200 to the sink, median', `${times(e2e.acceptToSinkP50Ratio)} a bare HTTP round trip`);
  say('from 200 to the sink, p99', `${times(e2e.acceptToSinkP99Ratio)} a bare HTTP round trip`);
  say('memory of the local cloud after that', `${e2e.rssMb ?? '?'} MB`);
  return e2e;
}

async function apiTimes(isQuick: boolean) {
  const api = await apiLatency(isQuick);
  for (const name of ['reads', 'writes'] as const) {
    const { p50Ms, p99Ms, p50Ratio, p99Ratio } = api[name];
    say(`the API at 20 requests/s, ${name}, median`, `${times(p50Ratio)} a bare round trip, ${p50Ms.toFixed(1)} ms`);
    say(`the API at 20 requests/s, ${name}, p99`, `${times(p99Ratio)} a bare round trip, ${p99Ms.toFixed(1)} ms`);
  }
  return api;
}

async function sizesOfBacklogs(): Promise<BacklogSize[]> {
  const sizes = await backlogSizes(await synthesiseBench(), counting);
  for (const { requests, usdPerMillion } of sizes) {
    say(`a million events, n20d3, from a backlog of ${requests} requests`, `$${usdPerMillion.toFixed(3)}`);
  }
  return sizes;
}

async function dollars(isQuick: boolean) {
  const assembly = await synthesiseBench();
  const cost = await measureCost({ assembly, isQuick, onProgress: counting });
  for (const [cell, usd] of Object.entries(cost.cost))
    say(`a million events, ${cell}, full batches`, `$${usd.toFixed(2)}`);
  say('a month without events', `$${(cost.month['idle']?.full ?? Number.NaN).toFixed(2)}`);
  return cost;
}

await runCommand(main);
