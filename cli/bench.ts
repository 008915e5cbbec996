import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunctions } from '../infra/build/bundle.ts';
import { ingestColdStart } from '../test/bench/cold-start.ts';
import { destinationLoads } from '../test/bench/destination-loads.ts';
import { endToEnd } from '../test/bench/end-to-end.ts';
import { ingestCpu } from '../test/bench/ingest-cpu.ts';
import { readFlags } from './flags.ts';
import { asTyped, runCommand } from './run-command.ts';

const FLAGS = { json: { value: 'FILE', help: 'writes the figures into a file, too' } } as const;
const bundles = join(import.meta.dirname, '..', '.build', 'functions');
const KB = 1_024;

/** `npm run bench`: what this machine can say about the product. Ratios are of one run, against a floor measured in turn with it. */
await runCommand(async (argv) => {
  const { flags } = readFlags(FLAGS, argv);
  const say = (what: string, value: string) => console.log(`${what.padEnd(58)} ${value}`);

  const bundled = await bundleFunctions(bundles);
  const bundleKb = Object.fromEntries(bundled.map(({ name, bytes }) => [name, Math.round(bytes / KB)]));
  for (const [name, kb] of Object.entries(bundleKb)) say(`bundle of ${name}, all chunks`, `${kb} KB`);

  const coldStart = await ingestColdStart(join(bundles, 'ingest', 'index.mjs'));
  say('cold start of ingest with its first request, CPU', `${coldStart.ratio.toFixed(1)}x an empty Node`);

  const cpu = [];
  for (const eventsPerRequest of [1, 20, 100]) cpu.push(await ingestCpu(eventsPerRequest));
  for (const { eventsPerRequest, ratio } of cpu) {
    say(`ingest, CPU an event at ${eventsPerRequest} a request`, `${ratio.toFixed(2)}x the JSON floor`);
  }

  const loads = await destinationLoads();
  for (const { type, ms } of loads) say(`loading ${type} beside a warm core`, `${ms.toFixed(0)} ms`);

  const e2e = await endToEnd();
  say('local cloud end to end, one event a request', `${e2e.singlePerSecond.toFixed(0)} events/s`);
  say('local cloud end to end, 20 events a request', `${e2e.batchedPerSecond.toFixed(0)} events/s`);
  say('from 200 to the sink, median', `${e2e.acceptToSinkP50Ratio.toFixed(1)}x a bare HTTP round trip`);

  const figures = {
    bundleKb,
    coldStart: { ingest: coldStart },
    cpu: { ingest: Object.fromEntries(cpu.map((each) => [each.eventsPerRequest, each])) },
    loads,
    e2e,
  };
  if (flags.json !== undefined) writeFileSync(asTyped(flags.json), `${JSON.stringify(figures, null, 2)}\n`);
  return 0;
});
