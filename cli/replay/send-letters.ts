import type { ReplayFilter, ReplayManifest, ReplayRun } from '../../shared/domain/replay.ts';
import { canGoOn, RESUME_DAYS_MAX } from '../../shared/pipeline/replay-owners.ts';
import { goOn } from '../../shared/pipeline/replay-run.ts';
import { beginRun, whyClosed, planRun, type RunPlan } from '../../shared/pipeline/replay-start.ts';
import { CliError } from '../cli-error.ts';
import type { Target } from './find-destinations.ts';
import type { ReplayDeps } from './replay-deps.ts';

/** How often progress is told. */
const TELL_MS = 5_000;

/** Throws CliError where nothing may be replayed to this destination now. */
export function refuseClosed({ destination }: Target): void {
  const why = whyClosed(destination);
  if (why === undefined) return;
  const remedy =
    why === 'paused'
      ? 'resume it first (npm run destination)'
      : 'its letters are kept, and wait for it to be switched on';
  throw new CliError(`${destination.name} is ${why}: ${remedy}.`);
}

/**
 * Sends those of a destination's dead letters that fit, in a new run, or only says what it would send (`dryRun`). Answers how many it sent. Throws
 * CliError where it cannot send all of them.
 */
export async function sendLetters(
  deps: ReplayDeps,
  target: Target,
  { filter, rate, dryRun }: { filter: ReplayFilter; rate: number; dryRun: boolean },
): Promise<number> {
  const plan = await planRun(deps, target, filter);
  tellPlan(deps, plan, dryRun);
  if (dryRun || plan.sends === 0) return 0;
  const begun = await beginRun(deps, plan, rate);
  if (begun.outcome === 'overtaken') {
    throw new CliError(
      `Another run of ${target.destination.name} was begun at this moment: nothing was sent; try again.`,
    );
  }
  await carryOn(deps, target, begun.run, begun.manifest, rate);
  if (plan.hasMore) deps.print('There are more: the same command takes the next.');
  return begun.run.planned;
}

/** Goes on with a run that was broken off. Throws CliError where that cannot be done. */
export async function resumeRun(
  deps: ReplayDeps,
  targets: readonly Target[],
  runId: string,
  rate: number,
): Promise<void> {
  for (const target of targets) {
    const run = (await deps.replays.listRuns(target.destination.id)).find((each) => each.runId === runId);
    if (run === undefined) continue;
    if (run.finishedAt !== undefined) throw new CliError(`All of ${runId} was sent at ${run.finishedAt}.`);
    if (!canGoOn(run, deps.now().getTime())) {
      throw new CliError(
        `${runId} was begun over ${RESUME_DAYS_MAX} days ago and cannot be gone on with; what it has not sent, a new run takes.`,
      );
    }
    refuseClosed(target);
    const manifest = await deps.manifests.get(run.destinationId, run.runId);
    if (manifest === undefined) throw new CliError(`What ${runId} was to send has expired.`);
    return await carryOn(deps, target, run, manifest, rate);
  }
  throw new CliError(`There is no run ${runId} of any destination that is there; --runs lists them.`);
}

function tellPlan({ print, command }: ReplayDeps, plan: RunPlan, dryRun: boolean): void {
  const { destination, sends, byCode, leftOut, unfinished } = plan;
  const codes = Object.entries(byCode).map(([code, count]) => `${count} ${code}`);
  const what = sends === 0 ? 'nothing to send' : `${dryRun ? 'would send' : 'sends'} ${sends} (${codes.join(', ')})`;
  print(`${destination.name}: ${what}`);
  if (leftOut.taken > 0) print(`  left out: ${leftOut.taken} that an earlier run has taken`);
  if (leftOut.mappingGone > 0) print(`  left out: ${leftOut.mappingGone} whose mapping was deleted or is switched off`);
  if (leftOut.suppressed > 0) print(`  left out: ${leftOut.suppressed} whose user is suppressed`);
  if (leftOut.orphan > 0) print(`  left out: ${leftOut.orphan} that a crash left behind, and that ended otherwise`);
  for (const { runId, position, planned } of unfinished) {
    print(`  ${runId} has sent ${position} of its ${planned}; go on with it: ${command} --run ${runId}`);
  }
}

async function carryOn(
  deps: ReplayDeps,
  { destination }: Target,
  run: ReplayRun,
  manifest: ReplayManifest,
  rate: number,
): Promise<void> {
  const { workspaceId, id, name } = destination;
  const resume = `${deps.command} --run ${run.runId}`;
  deps.print(`Run ${run.runId}; broken off, it is gone on with by: ${resume}`);
  let toldMs = deps.now().getTime();
  const onProgress = ({ position, planned }: ReplayRun): void => {
    const nowMs = deps.now().getTime();
    if (nowMs - toldMs < TELL_MS) return;
    toldMs = nowMs;
    deps.print(`  ${position} of ${planned}`);
  };
  const end = await goOn({ ...deps, destination: () => deps.control.getDestination(workspaceId, id) }, run, manifest, {
    rate,
    onProgress,
  });
  if (end.outcome === 'overtaken') throw new CliError(`Another command goes on with ${run.runId}: this one has ended.`);
  if (end.outcome === 'stopped') {
    const { position, planned } = end.run;
    throw new CliError(`${name} is ${end.why} now: ${position} of ${planned} were sent; later: ${resume}`);
  }
  const gone = end.run.gone > 0 ? `, ${end.run.gone} had expired` : '';
  deps.print(`All sent to its lane: ${end.run.planned - end.run.gone}${gone}. How they end: ${deps.command} --runs`);
}
