import type { TributaryEvent } from '../../shared/domain/event.ts';
import type { ReplayId } from '../../shared/domain/ids.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { ReplayFilter, ReplayManifest } from '../../shared/domain/replay.ts';
import { countedOf, filterOf, type ReplayCounts, type ReplayOrder } from '../../shared/domain/replay-order.ts';
import type { RuledTarget } from '../../shared/domain/target-verdict.ts';
import { judgeForTarget } from '../../shared/domain/target-verdict.ts';
import { type Destination, type Mapping, schemaOf, type WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { planArchive } from '../../shared/pipeline/replay-archive.ts';
import { beginRun, planRun, type RunPlan, type StartDeps, whyClosed } from '../../shared/pipeline/replay-start.ts';
import type { ArchiveReader } from '../../shared/ports/archive-reader.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { ReplayStore } from '../../shared/ports/replay-stores.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import type { Hold } from './hold-order.ts';

/** A count that has come so near to the end of its invocation would never end: what is asked for is too much for one run. */
const LEFT_MS_MIN = 20_000;

export type CountDeps = Omit<StartDeps, 'replays'> & {
  replays: Pick<ReplayStore, 'listRuns' | 'getRun' | 'addRun'>;
  configs: ConfigReader;
  archive: ArchiveReader;
  /** What the rules must know of a type of destination. */
  catalog: (type: string) => RuledTarget['kind'];
};

type Rest = 'counted' | 'ended' | 'again';

/** What a plan of either kind comes to. */
type Found = Pick<RunPlan, 'destination' | 'filter' | 'objects' | 'sends' | 'runNumber'> & {
  archive?: ReplayManifest['archive'];
  counts: ReplayCounts;
};
type Unfound = { failure: NonNullable<ReplayOrder['failure']> } | 'broken off';

/** Looks through the store for what an order takes, and makes it a run unless it was only to count. Nothing is sent yet. */
export async function countOrder(deps: CountDeps, hold: Hold, context: BatchContext): Promise<Rest> {
  const order = hold.order();
  const end = async (change: Partial<ReplayOrder>): Promise<Rest> => {
    await hold.save({ ...change, endedAt: deps.now().toISOString() });
    return 'ended';
  };
  if (order.cancelledAt !== undefined) return await end({ state: 'cancelled' });
  // Its run was begun, and whoever did that has died before they could say so.
  if (await hasRun(deps, order)) return (await hold.save({ state: 'running' })) ? 'counted' : 'ended';

  const last: { look: Awaited<ReturnType<Hold['look']>> | 'out of time' } = { look: 'ours' };
  const isOutOfTime = () => last.look === 'out of time';
  const found = await find(deps, order, {
    isOutOfTime,
    mayGoOn: async () => {
      last.look = context.remainingMs() < LEFT_MS_MIN ? 'out of time' : await hold.look();
      return last.look === 'ours';
    },
  });
  if (found === 'broken off') {
    if (last.look === 'lost') return 'ended';
    return await end(last.look === 'cancelled' ? { state: 'cancelled' } : { state: 'failed', failure: 'too large' });
  }
  if ('failure' in found) return await end({ state: 'failed', failure: found.failure });
  if (order.dryRun || found.sends === 0) return await end({ state: 'finished', counts: found.counts });

  const runId = deps.newRunId();
  if (!(await hold.save({ counts: found.counts, runId, runNumber: found.runNumber }))) return 'ended';
  const begun = await beginRun({ ...deps, newRunId: (): ReplayId => runId }, found, order.rate);
  // Another run of the destination was begun at this moment; its letters are known the next time.
  if (begun.outcome === 'overtaken') return 'again';
  return (await hold.save({ state: 'running' })) ? 'counted' : 'ended';
}

const hasRun = async (deps: CountDeps, { destinationId, runId, runNumber }: ReplayOrder): Promise<boolean> =>
  runId !== undefined &&
  runNumber !== undefined &&
  (await deps.replays.getRun(destinationId, runNumber))?.runId === runId;

/** How far a look goes. One at letters that is out of time has found what it has found: the next begins behind it. */
type Looking = { mayGoOn: () => Promise<boolean>; isOutOfTime: () => boolean };

async function find(deps: CountDeps, order: ReplayOrder, looking: Looking): Promise<Found | Unfound> {
  const config = await deps.configs.workspaceConfig(order.workspaceId, deps.now().getTime());
  const connected = config?.destinations.find(({ destination }) => destination.id === order.destinationId);
  if (config === undefined || connected === undefined) return { failure: 'deleted' };
  const { destination, mappings, filters = [] } = connected;
  const why = whyClosed(destination);
  // What would be sent can be asked of one that takes nothing now.
  if (why !== undefined && !order.dryRun) return { failure: why };
  const kind = deps.catalog(destination.type);
  if (kind === undefined) return { failure: 'unknown type' };
  const live = mappings.filter(({ enabled }) => enabled);
  const target = { destination, mappings: live, filters, kind, schema: schemaOf(config, destination.sourceId) };
  return order.filter.of === 'ARCHIVE'
    ? await findArchived(deps, order, { config, target, mayGoOn: looking.mayGoOn })
    : await findLetters(deps, order, { mappings, target, looking });
}

type Target = RuledTarget & { destination: Destination; mappings: readonly Mapping[] };

async function findLetters(
  deps: CountDeps,
  order: ReplayOrder,
  { mappings, target, looking }: { mappings: readonly Mapping[]; target: Target; looking: Looking },
): Promise<Found | Unfound> {
  const { destination } = target;
  const judge = (event: JsonObject): string | undefined => {
    // What was kept had been an event when it was queued.
    const verdict = judgeForTarget(event as TributaryEvent, target);
    return verdict.verdict === 'filtered' ? verdict.reason : undefined;
  };
  const plan = await planRun(deps, { destination, mappings: [...mappings] }, filterOf(order), {
    judge,
    mayGoOn: looking.mayGoOn,
  });
  // Nothing at all in that time: the same look would find as little the next time.
  if (plan.isBrokenOff && !(looking.isOutOfTime() && plan.sends > 0)) return 'broken off';
  const { orphan, taken, mappingGone, suppressed } = plan.leftOut;
  return {
    ...plan,
    counts: {
      sends: plan.sends,
      byCode: countedOf(new Map(Object.entries(plan.byCode))),
      byEvent: countedOf(plan.byEvent),
      leftOut: countedOf(
        new Map([
          ...plan.filtered,
          ['orphan', orphan],
          ['taken by another run', taken],
          ['mapping gone', mappingGone],
          ['suppressed', suppressed],
        ]),
      ),
      hasMore: plan.hasMore || plan.isBrokenOff,
    },
  };
}

async function findArchived(
  deps: CountDeps,
  order: ReplayOrder,
  { config, target, mayGoOn }: { config: WorkspaceConfig; target: Target; mayGoOn: () => Promise<boolean> },
): Promise<Found | Unfound> {
  const { destination, mappings, kind } = target;
  const integration = kind?.integrationNames[0] ?? destination.type;
  const { from, to } = order.filter;
  const filter: ReplayFilter & { from: string; to: string } = { ...filterOf(order), from, to };
  const plan = await planArchive(deps.archive, {
    sourceId: destination.sourceId,
    filter,
    target,
    integration,
    suppressed: config.suppressed,
    mayGoOn,
  });
  if (plan.outcome === 'broken off') return 'broken off';
  if (plan.outcome === 'too large') return { failure: 'too large' };
  const runs = await deps.replays.listRuns(destination.id);
  return {
    destination,
    filter,
    objects: plan.objects,
    sends: plan.sends,
    runNumber: (runs.at(-1)?.number ?? 0) + 1,
    ...(mappings.length > 0 && { archive: { mappings: mappings.map(({ id }) => id), integration } }),
    counts: {
      sends: plan.sends,
      byCode: countedOf(new Map()),
      byEvent: countedOf(plan.byEvent),
      leftOut: countedOf(plan.leftOut),
      hasMore: false,
    },
  };
}
