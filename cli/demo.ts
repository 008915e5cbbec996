import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from './cli-error.ts';
import { pace } from './demo/pace.ts';
import { demoSender } from './demo/send.ts';
import { shopEvents } from './demo/shop.ts';
import { helpText, readFlags, wholeNumber } from './flags.ts';
import { asTyped, runCommand } from './run-command.ts';
import { readEndpoints } from './start/endpoints.ts';

const RATE_DEFAULT = 5;
const RATE_MAX = 2_000;
const COUNT_MAX = 10_000_000;
const TICK_MS = 50;
/** Calls that may be on their way at one moment; beyond, the shop waits. */
const IN_FLIGHT_MAX = 5_000;

const FLAGS = {
  'tracking-url': { value: 'URL', help: 'where to send; default: the local system, from its endpoints.json' },
  'write-keys': { value: 'WEB,SERVER', help: 'write keys of the two sources; default: demo-web and demo-server' },
  rate: { value: 'N', help: `events a second, default ${RATE_DEFAULT}; less than 1 is possible` },
  count: { value: 'N', help: 'stop after so many events; default: go on until Ctrl-C' },
  seed: { value: 'N', help: 'number that the shop is derived from, default 1: same number, same shop' },
  dir: { value: 'DIRECTORY', help: 'state directory of the local system, default .tributary' },
  quiet: { help: 'print no running count' },
  help: { help: 'print this' },
} as const;

const USAGE = 'npm run demo -- [flags]';
const ABOUT =
  'Plays a shop: 200 people who browse unnamed, sign up, buy and come back on another device. Uses the official Node library and nothing but public endpoints; one event in a hundred is invalid on purpose.';

async function main(argv: string[]): Promise<number> {
  const { flags } = readFlags(FLAGS, argv);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const target = whereTo(flags);
  const perSecond = rateOf(flags.rate);
  const countMax = flags.count === undefined ? COUNT_MAX : wholeNumber('count', flags.count, 1, COUNT_MAX);
  const seed = flags.seed === undefined ? 1 : wholeNumber('seed', flags.seed, 0, 4_294_967_295);

  const sender = demoSender(target);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const clock = pace(perSecond, Date.now());
  const events = shopEvents(seed);
  let sent = 0;
  let nextReportMs = Date.now() + REPORT_MS;
  while (sent < countMax && !stop.signal.aborted) {
    await wait(TICK_MS);
    const room = Math.max(0, IN_FLIGHT_MAX - sender.inFlight());
    for (let due = Math.min(clock.due(Date.now()), countMax - sent, room); due > 0; due -= 1) {
      const next = events.next();
      if (next.done === true) break;
      sender.send(next.value);
      sent += 1;
    }
    if (!flags.quiet && Date.now() >= nextReportMs) {
      console.log(reportLine(sent, sender.counts()));
      nextReportMs = Date.now() + REPORT_MS;
    }
  }
  await sender.close();
  const counts = sender.counts();
  if (!flags.quiet) console.log(reportLine(sent, counts));
  if (counts.refused > 0 && counts.accepted === 0) {
    throw new CliError(`${target.trackingUrl} took none of the events: ${counts.lastFault ?? 'no answer'}.`);
  }
  return 0;
}

const REPORT_MS = 10_000;

const reportLine = (sent: number, counts: { accepted: number; refused: number; invalid: number }): string =>
  `${sent} sent: ${counts.accepted} accepted, ${counts.invalid} of them invalid on purpose, ${counts.refused} refused`;

function rateOf(text: string | undefined): number {
  if (text === undefined) return RATE_DEFAULT;
  const rate = Number(text);
  if (rate > 0 && rate <= RATE_MAX) return rate;
  throw new CliError(`--rate is a number above 0 and at most ${RATE_MAX}, not "${text}".`);
}

function whereTo(flags: { 'tracking-url'?: string; 'write-keys'?: string; dir?: string }) {
  const keys = flags['write-keys']?.split(',').map((key) => key.trim());
  if (keys !== undefined && (keys.length > 2 || keys.includes(''))) {
    throw new CliError('--write-keys is one write key, or two with a comma between them.');
  }
  if (flags['tracking-url'] !== undefined && keys === undefined) {
    throw new CliError('--tracking-url needs --write-keys, too.');
  }
  const local = flags['tracking-url'] === undefined || keys === undefined ? localEndpoints(flags.dir) : undefined;
  const web = keys?.[0] ?? local?.writeKeys['demo-web'] ?? Object.values(local?.writeKeys ?? {}).at(-1);
  if (web === undefined) throw new CliError('There is no write key to send with: give one with --write-keys.');
  return {
    trackingUrl: originOf(flags['tracking-url'] ?? local?.trackingUrl ?? ''),
    writeKeys: { web, server: keys?.[1] ?? keys?.[0] ?? local?.writeKeys['demo-server'] ?? web },
  };
}

function localEndpoints(directory: string | undefined) {
  const path = join(asTyped(directory ?? '.tributary'), 'endpoints.json');
  const endpoints = readEndpoints(() => readFileSync(path, 'utf8'));
  if (endpoints !== undefined) return endpoints;
  throw new CliError(`There is no ${path}: run "npm start" first, or give --tracking-url and --write-keys.`);
}

function originOf(text: string): string {
  if (!URL.canParse(text)) throw new CliError(`--tracking-url is a URL such as http://127.0.0.1:4747, not "${text}".`);
  return new URL(text).href.replace(/\/$/, '');
}

await runCommand(main);
