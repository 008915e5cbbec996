import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { isoOf, parseTime } from '../shared/domain/event-times.ts';
import { MESSAGE_ID_CHARS_MAX } from '../shared/config/limits.ts';
import type { ReplayFilter } from '../shared/domain/replay.ts';
import { REPLAY_RATE_DEFAULT, REPLAY_RATE_MAX } from '../shared/domain/replay-order.ts';
import { CliError } from './cli-error.ts';
import { deploymentName, readDeployment } from './deployed/stacks.ts';
import { type Flags, helpText, readFlags, wholeNumber } from './flags.ts';
import { listTargets, type Target, targetNamed } from './replay/find-destinations.ts';
import { listLetters } from './replay/list-letters.ts';
import { listRuns } from './replay/list-runs.ts';
import { type ReplayDeps, replayDepsOf } from './replay/replay-deps.ts';
import { refuseClosed, resumeRun, sendLetters } from './replay/send-letters.ts';
import { runCommand } from './run-command.ts';

const FLAGS = {
  stack: { value: 'NAME', help: 'the deployment, such as Tributary-prod' },
  list: { help: 'show what lies in the dead-letter store; with --destination its newest letters, too' },
  limit: { value: 'N', help: 'letters that --list shows at most, 50 by default' },
  destination: { value: 'ID|NAME', help: 'of this destination only' },
  code: { value: 'CODE', help: 'only what ended with this code, such as 500 or destination_paused' },
  from: { value: 'TIME', help: 'only what ended then or later, such as 2026-11-24 or 2026-11-24T10:00:00Z' },
  to: { value: 'TIME', help: 'only what ended before' },
  event: { value: 'NAME', help: 'only events of this name' },
  'message-id': { value: 'ID', help: 'only the event with this messageId' },
  all: { help: 'everything that fits the flags before, or simply everything' },
  'dry-run': { help: 'only say what would be sent' },
  rate: { value: 'N', help: `events a second, ${REPLAY_RATE_DEFAULT} by default, at most ${REPLAY_RATE_MAX}` },
  runs: { help: 'show the runs and how they stand' },
  run: { value: 'ID', help: 'go on with a run that was broken off' },
  help: { help: 'print this' },
} as const;

const USAGE = 'npm run replay -- --stack NAME --list | --runs | --run ID | filters [--dry-run]';
const ABOUT =
  'Sends what was not delivered once more (docs/replay.md): dead letters of the last 30 days, by filter, or all. What a run has taken no later run takes, so nothing is sent twice.';
const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 10_000;
/** Of a code or an event's name. */
const TEXT_CHARS_MAX = 512;

async function main(argv: string[]): Promise<number> {
  const { flags } = readFlags(FLAGS, argv);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const name = deploymentName(flags.stack);
  const filter = filterOf(flags);
  const rate = flags.rate === undefined ? REPLAY_RATE_DEFAULT : wholeNumber('rate', flags.rate, 1, REPLAY_RATE_MAX);
  const limit = flags.limit === undefined ? LIMIT_DEFAULT : wholeNumber('limit', flags.limit, 1, LIMIT_MAX);
  refuseVague(flags, filter);
  const deps = replayDepsOf(await readDeployment(new CloudFormationClient(), name));
  const targets = await listTargets(deps.control);
  const only = flags.destination === undefined ? undefined : targetNamed(targets, flags.destination);
  if (flags.list) await listLetters(deps, targets, { only, filter, limit });
  else if (flags.runs) await listRuns(deps, only === undefined ? targets : [only]);
  else if (flags.run !== undefined) await resumeRun(deps, targets, flags.run, rate);
  else await send(deps, only === undefined ? targets : [only], only, { filter, rate, dryRun: flags['dry-run'] });
  return 0;
}

/** To whole destinations only those that take something; one that was named is refused with the reason. */
async function send(
  deps: ReplayDeps,
  targets: readonly Target[],
  only: Target | undefined,
  request: { filter: ReplayFilter; rate: number; dryRun: boolean },
): Promise<void> {
  if (only !== undefined) refuseClosed(only);
  const withLetters = new Set(await deps.reader.destinations());
  const chosen = targets.filter(({ destination }) => withLetters.has(destination.id));
  if (chosen.length === 0) deps.print('There are no dead letters.');
  for (const target of chosen) {
    const { name, enabled, paused } = target.destination;
    if (!enabled || paused !== undefined)
      deps.print(`${name}: passed over, it is ${enabled ? 'paused' : 'switched off'}`);
    else await sendLetters(deps, target, request);
  }
}

function filterOf(flags: Flags<typeof FLAGS>): ReplayFilter {
  return {
    code: text('code', flags.code, TEXT_CHARS_MAX),
    event: text('event', flags.event, TEXT_CHARS_MAX),
    messageId: text('message-id', flags['message-id'], MESSAGE_ID_CHARS_MAX),
    from: time('from', flags.from),
    to: time('to', flags.to),
  };
}

function text(name: string, value: string | undefined, charsMax: number): string | undefined {
  if (value === undefined || value.length <= charsMax) return value;
  throw new CliError(`--${name} has at most ${charsMax} characters.`);
}

function time(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const ms = parseTime(value);
  if (ms !== undefined) return isoOf(ms);
  throw new CliError(`--${name} is a time such as 2026-11-24 or 2026-11-24T10:00:00Z (UTC), not "${value}".`);
}

/** Sending everything to everybody must be meant. */
function refuseVague(flags: Flags<typeof FLAGS>, filter: ReplayFilter): void {
  const modes = [flags.list, flags.runs, flags.run !== undefined].filter(Boolean).length;
  if (modes > 1) throw new CliError('Give one of --list, --runs and --run.');
  if (modes === 1 || flags.all || flags.destination !== undefined) return;
  if (Object.values(filter).every((value) => value === undefined)) {
    throw new CliError(
      'Say what to send: --destination, --code, --from, --to, --event, --message-id, or --all; or --list.',
    );
  }
}

await runCommand(main);
