import type { DestinationId } from '../domain/ids.ts';
import type { ReplayRun } from '../domain/replay.ts';
import { totalsOfRun } from '../pipeline/replay-run.ts';
import type { ReplayStore } from '../ports/replay-stores.ts';
import type { Recovery, RollupStore } from '../ports/rollup-store.ts';

export type RecoveredDeps = {
  replays: Pick<ReplayStore, 'listRuns' | 'donesOfRun'>;
  rollups: Pick<RollupStore, 'recoveries'>;
};

/** What replay runs of a destination have delivered so far, in sends: ended runs as they were counted last, others from their rows. */
export async function recoveredOf({ replays, rollups }: RecoveredDeps, id: DestinationId): Promise<number> {
  // What a run of archived events delivers was no dead letter.
  const runs = (await replays.listRuns(id)).filter(({ of }) => of === undefined);
  if (runs.length === 0) return 0;
  const counted = await rollups.recoveries(id);
  let delivered = 0;
  for (const run of runs) {
    const known = counted.get(run.number);
    const recovery = known?.isFinal === true ? known : await countRecovery(replays, run);
    // Rows of an old run expire: what was counted while they were there holds.
    delivered += Math.max(recovery.delivered, known?.delivered ?? 0);
  }
  return delivered;
}

/** A run as its done rows are now. It is final when all of its letters have ended. */
export async function countRecovery(replays: Pick<ReplayStore, 'donesOfRun'>, run: ReplayRun): Promise<Recovery> {
  const { delivered, waiting } = totalsOfRun(run, await replays.donesOfRun(run.runId));
  return { delivered, isFinal: (run.finishedAt ?? run.cancelledAt) !== undefined && waiting <= 0 };
}
