import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { isoOf, parseTime } from '../shared/domain/event-times.ts';
import { RETRY_WINDOW_HOURS_MAX } from '../shared/domain/workspace.ts';
import { CliError } from './cli-error.ts';
import { deploymentName, readDeployment } from './deployed/stacks.ts';
import { changeRetryHours, pause, type Resume, resume, show } from './destination/steer.ts';
import { type Flags, helpText, readFlags, wholeNumber } from './flags.ts';
import { listTargets, targetNamed } from './replay/find-destinations.ts';
import { replayDepsOf } from './replay/replay-deps.ts';
import { runCommand } from './run-command.ts';

const FLAGS = {
  stack: { value: 'NAME', help: 'the deployment, such as Tributary-prod' },
  send: { help: 'resume: send all that was kept while it was paused' },
  from: { value: 'TIME', help: 'resume: send what of that came then or later, such as 2026-11-24T10:00:00Z' },
  drop: { help: 'resume: send nothing of it; it stays in the dead-letter store and can be replayed' },
  'retry-hours': { value: 'N', help: `set: how long a send is tried, 1 to ${RETRY_WINDOW_HOURS_MAX}; 4 is Segment's` },
  help: { help: 'print this' },
} as const;

const VERBS = ['show', 'pause', 'resume', 'set'] as const;
const USAGE = 'npm run destination -- --stack NAME show|pause|resume|set ID|NAME [flags]';
const ABOUT =
  'Steers one destination (docs/replay.md). While it is paused nothing is sent to it, and what comes is kept in the dead-letter store.';

async function main(argv: string[]): Promise<number> {
  const { flags, plain } = readFlags(FLAGS, argv, 2);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const name = deploymentName(flags.stack);
  const [word, text] = plain;
  const verb = VERBS.find((known) => known === word);
  if (verb === undefined || text === undefined) throw new CliError(`Say what to do with which destination: ${USAGE}.`);
  refuseStrayFlags(flags, verb);
  const how = verb === 'resume' ? resumeOf(flags) : undefined;
  const hours = verb === 'set' ? hoursOf(flags['retry-hours']) : undefined;
  const deps = replayDepsOf(await readDeployment(new CloudFormationClient(), name));
  const target = targetNamed(await listTargets(deps.control), text);
  if (how !== undefined) await resume(deps, target, how);
  else if (hours !== undefined) await changeRetryHours(deps, target, hours);
  else if (verb === 'pause') await pause(deps, target);
  else show(deps, target);
  return 0;
}

function refuseStrayFlags(flags: Flags<typeof FLAGS>, verb: (typeof VERBS)[number]): void {
  if (verb !== 'resume' && (flags.send || flags.drop || flags.from !== undefined)) {
    throw new CliError('--send, --drop and --from go with resume.');
  }
  if (verb !== 'set' && flags['retry-hours'] !== undefined) throw new CliError('--retry-hours goes with set.');
}

/** What was kept must not be sent, or left, by default. */
function resumeOf({ send, drop, from }: Flags<typeof FLAGS>): Resume {
  if ([send, drop, from !== undefined].filter(Boolean).length !== 1) {
    throw new CliError(
      'Say what becomes of what was kept while it was paused: --send sends all of it, --from TIME what came since then, --drop nothing (it stays 30 days in the dead-letter store and can be replayed).',
    );
  }
  if (from === undefined) return send ? 'send' : 'drop';
  const ms = parseTime(from);
  if (ms === undefined) throw new CliError(`--from is a time such as 2026-11-24T10:00:00Z (UTC), not "${from}".`);
  return { from: isoOf(ms) };
}

function hoursOf(text: string | undefined): number {
  if (text === undefined) throw new CliError('Say what to set: --retry-hours N.');
  return wholeNumber('retry-hours', text, 1, RETRY_WINDOW_HOURS_MAX);
}

await runCommand(main);
