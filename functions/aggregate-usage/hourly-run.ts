import { log, logError } from '../../shared/aws/log.ts';
import type { CountMetric } from '../../shared/aws/metrics.ts';
import { countRecovery } from '../../shared/books/recovered.ts';
import { LEDGER_HOUR_DAYS } from '../../shared/config/limits.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import type { Mismatch } from '../../shared/domain/mismatch.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { ReplayStore } from '../../shared/ports/replay-stores.ts';
import { type AggregateDeps, type Aggregated, aggregateUsage } from './aggregate-usage.ts';
import { type CheckDeps, checkBooks } from './check-books.ts';
import { type FoldSchemaDeps, foldSchemas } from './fold-schema.ts';
import { type FoldDeps, foldUsage } from './fold-users.ts';
import { type PauseDeps, pauseFailing } from './pause-failing.ts';

export type HourlyDeps = AggregateDeps &
  CheckDeps &
  FoldDeps &
  FoldSchemaDeps &
  PauseDeps & {
    control: Pick<ControlStore, 'listWorkspaces' | 'readConfig' | 'saveDestination'>;
    replays: Pick<ReplayStore, 'listRuns' | 'donesOfRun'>;
    countMetric: CountMetric;
    purge: () => Promise<unknown>;
  };

/** Rows of a replay run live so long; a day before that they are not counted again. */
const RUN_COUNTED_MS = (LEDGER_HOUR_DAYS - 1) * 24 * 3_600_000;

/**
 * The hourly run: totals first, then what is read off them, each by itself, so that one that fails keeps none of the others from being done.
 * Throws at its end if anything failed; the scheduler runs it again.
 */
export async function hourlyRun(deps: HourlyDeps): Promise<Aggregated> {
  const configs: WorkspaceConfig[] = [];
  for (const { id } of await deps.control.listWorkspaces()) {
    const config = await deps.control.readConfig(id);
    if (config !== undefined) configs.push(config);
  }
  const failures: unknown[] = [];
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      logError(`${what} failed`, error);
      failures.push(error);
      return undefined;
    }
  };
  const aggregated = await attempt('Rolling up', () => aggregateUsage(deps, configs));
  await attempt('Counting users and what things cost', () => foldUsage(deps, configs));
  await attempt('Folding what sources were sent', () => foldSchemas(deps, configs));
  await attempt('Counting what replays recovered', () => countRecoveries(deps, configs));
  await attempt('Checking the books', () => keepMismatches(deps, configs));
  await attempt('Pausing what fails for days', () => pauseAll(deps, configs));
  await attempt('Purging workspaces', () => deps.purge());
  if (failures.length > 0 || aggregated === undefined) throw failures[0];
  return aggregated;
}

async function countRecoveries(deps: HourlyDeps, configs: readonly WorkspaceConfig[]): Promise<void> {
  for (const id of destinationsOf(configs)) {
    const runs = await deps.replays.listRuns(id);
    if (runs.length === 0) continue;
    const counted = await deps.rollups.recoveries(id);
    for (const run of runs) {
      if (counted.get(run.number)?.isFinal === true) continue;
      if (deps.now().getTime() - Date.parse(run.startedAt) > RUN_COUNTED_MS) continue;
      await deps.rollups.putRecovery(id, run.number, await countRecovery(deps.replays, run));
    }
  }
}

async function keepMismatches(deps: HourlyDeps, configs: readonly WorkspaceConfig[]): Promise<void> {
  const found: Mismatch[] = [];
  for (const config of configs) found.push(...(await checkBooks(deps, config)));
  for (const mismatch of found) log('ERROR', 'The books do not add up', mismatch);
  await deps.rollups.putMismatches({ checkedAt: deps.now().toISOString(), found });
  if (found.length > 0) deps.countMetric('LedgerMismatch', found.length);
}

async function pauseAll(deps: HourlyDeps, configs: readonly WorkspaceConfig[]): Promise<void> {
  for (const config of configs) {
    const paused = await pauseFailing(deps, config);
    if (paused.length > 0) deps.countMetric('DestinationsPaused', paused.length);
  }
}

const destinationsOf = (configs: readonly WorkspaceConfig[]): DestinationId[] =>
  configs.flatMap((config) => config.destinations.map(({ destination }) => destination.id));
