import { LEDGER_HOUR_DAYS } from '../../shared/config/limits.ts';
import type { ReplayRun } from '../../shared/domain/replay.ts';
import { canGoOn } from '../../shared/pipeline/replay-owners.ts';
import { totalsOfRun } from '../../shared/pipeline/replay-run.ts';
import type { Target } from './find-destinations.ts';
import type { ReplayDeps } from './replay-deps.ts';
import { table } from './table.ts';

const DAY_MS = 86_400_000;

/** Prints the runs of these destinations, oldest first, and how their sends stand. */
export async function listRuns(
  deps: Pick<ReplayDeps, 'replays' | 'now' | 'print' | 'command'>,
  targets: readonly Target[],
): Promise<void> {
  const found: { name: string; run: ReplayRun }[] = [];
  for (const { destination } of targets) {
    for (const run of await deps.replays.listRuns(destination.id)) found.push({ name: destination.name, run });
  }
  if (found.length === 0) return deps.print('There are no replay runs.');
  const inOrder = found.toSorted((a, b) => a.run.startedAt.localeCompare(b.run.startedAt));
  const rows: (string | number)[][] = [];
  for (const { name, run } of inOrder) {
    const ends = await endsOf(deps, run);
    rows.push([
      run.runId,
      run.startedAt,
      name,
      run.filter,
      run.planned,
      ...ends.cells,
      `${stateOf(deps, run)}${ends.suppressed > 0 ? `, ${ends.suppressed} discarded: user suppressed` : ''}`,
    ]);
  }
  const head = ['run', 'started', 'destination', 'takes', 'planned', 'delivered', 'discarded', 'dead again', 'waiting'];
  for (const line of table([...head, 'state'], rows)) deps.print(line);
  for (const { run } of inOrder) {
    if (canGoOn(run, deps.now().getTime())) deps.print(`\nGo on with ${run.runId}: ${deps.command} --run ${run.runId}`);
  }
}

/** Rows of runs live LEDGER_HOUR_DAYS; of older runs nobody knows any more. */
async function endsOf(
  { replays, now }: Pick<ReplayDeps, 'replays' | 'now'>,
  run: ReplayRun,
): Promise<{ cells: (number | string)[]; suppressed: number }> {
  if (now().getTime() - Date.parse(run.startedAt) > LEDGER_HOUR_DAYS * DAY_MS) {
    return { cells: ['-', '-', '-', '-'], suppressed: 0 };
  }
  const { delivered, discarded, suppressed, deadLettered, waiting } = totalsOfRun(
    run,
    await replays.donesOfRun(run.runId),
  );
  return { cells: [delivered, discarded, deadLettered, waiting], suppressed };
}

function stateOf({ now }: Pick<ReplayDeps, 'now'>, run: ReplayRun): string {
  const gone = run.gone > 0 ? `, ${run.gone} had expired` : '';
  if (run.finishedAt !== undefined) return `all sent${gone}`;
  const state = canGoOn(run, now().getTime()) ? 'not all sent' : 'given up';
  return `${state}: ${run.position} of ${run.planned}${gone}`;
}
