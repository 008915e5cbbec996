import { invariant } from '../../shared/domain/app-error.ts';
import type { ReplayManifest, ReplayRun } from '../../shared/domain/replay.ts';
import type { ReplayOrder } from '../../shared/domain/replay-order.ts';
import { type Destination, schemaOf } from '../../shared/domain/workspace.ts';
import { archiveLetters } from '../../shared/pipeline/replay-archive.ts';
import { cancelRun, goOn, type RunDeps } from '../../shared/pipeline/replay-run.ts';
import type { LetterLines } from '../../shared/pipeline/replay-slices.ts';
import type { ArchiveReader } from '../../shared/ports/archive-reader.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { ManifestStore, ReplayStore } from '../../shared/ports/replay-stores.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import type { Hold } from './hold-order.ts';

/** A round is not begun with less time than this. */
const LEFT_MS_MIN = 20_000;

export type SendDeps = Omit<RunDeps, 'reader' | 'replays' | 'destination' | 'mayGoOn'> & {
  reader: LetterLines;
  replays: RunDeps['replays'] & Pick<ReplayStore, 'getRun'>;
  manifests: Pick<ManifestStore, 'get'>;
  archive: Pick<ArchiveReader, 'events'>;
  configs: ConfigReader;
};

type Rest = 'ended' | 'again';

/** Sends what is left of an order's run, at its rate, as long as its invocation lasts. */
export async function sendOrder(deps: SendDeps, hold: Hold, context: BatchContext): Promise<Rest> {
  const order = hold.order();
  const end = async (change: Partial<ReplayOrder>): Promise<Rest> => {
    await hold.save({ ...change, endedAt: deps.now().toISOString() });
    return 'ended';
  };
  const run = await runOf(deps, order);
  // Somebody went on with it by the operators' command.
  if (run.finishedAt !== undefined) return await end({ state: 'finished' });
  if (run.cancelledAt !== undefined) return await end({ state: 'cancelled' });
  const manifest = await deps.manifests.get(run.destinationId, run.runId);
  if (manifest === undefined) return await end({ state: 'failed', failure: 'expired' });
  const runDeps = await depsOfRun(deps, order, manifest);
  /** Gives back what was not sent, for later runs. */
  const giveUp = async (change: Partial<ReplayOrder>): Promise<Rest> => {
    const latest = await runOf(deps, order);
    const cancelled = await cancelRun(runDeps, latest, manifest);
    return cancelled === undefined ? 'again' : await end(change);
  };
  if (order.cancelledAt !== undefined) return await giveUp({ state: 'cancelled' });

  const last: { look: Awaited<ReturnType<Hold['look']>> } = { look: 'ours' };
  const mayGoOn = async (): Promise<boolean> => {
    last.look = await hold.look();
    return last.look === 'ours' && context.remainingMs() >= LEFT_MS_MIN;
  };
  const ended = await goOn({ ...runDeps, mayGoOn }, run, manifest, { rate: order.rate, onProgress: () => undefined });
  if (ended.outcome === 'sent') return await end({ state: 'finished' });
  if (ended.outcome === 'stopped') return await giveUp({ state: 'failed', failure: ended.why });
  if (ended.outcome === 'overtaken') return 'again';
  if (last.look === 'lost') return 'ended';
  return last.look === 'cancelled' ? await giveUp({ state: 'cancelled' }) : 'again';
}

async function runOf({ replays }: SendDeps, { destinationId, runId, runNumber }: ReplayOrder): Promise<ReplayRun> {
  invariant(runNumber !== undefined, 'an order that runs names its run');
  const run = await replays.getRun(destinationId, runNumber);
  invariant(run?.runId === runId && run !== undefined, 'the run of an order is there, for ever');
  return run;
}

async function depsOfRun(deps: SendDeps, order: ReplayOrder, { archive }: ReplayManifest): Promise<RunDeps> {
  const { workspaceId, sourceId } = order;
  const destination = async (): Promise<Destination | undefined> => {
    const config = await deps.configs.workspaceConfig(workspaceId);
    return config?.destinations.find(({ destination }) => destination.id === order.destinationId)?.destination;
  };
  if (archive === undefined) return { ...deps, destination };
  const config = await deps.configs.workspaceConfig(workspaceId);
  const schema = config === undefined ? undefined : schemaOf(config, sourceId);
  return { ...deps, destination, reader: archiveLetters(deps.archive, archive, { workspaceId, sourceId, schema }) };
}
