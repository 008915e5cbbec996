import { addSourceTotals, noSourceTotals, sumDones, sumPlans } from '../../shared/domain/books.ts';
import type { SourceId } from '../../shared/domain/ids.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { LedgerReader } from '../../shared/ports/ledger.ts';
import type { RollupStore } from '../../shared/ports/rollup-store.ts';

/** Late rows reopen the last hours: retries, redeliveries and slow clocks write into them. */
export const HOURS_REOPENED = 3;
/** Rows live 15 days; older hours cannot be recomputed and are not tried. */
export const HOURS_BEHIND_MAX = 15 * 24;

export type AggregateDeps = {
  control: Pick<ControlStore, 'listWorkspaces' | 'readConfig'>;
  ledger: Pick<LedgerReader, 'plansOfHour' | 'donesOfHour'>;
  rollups: RollupStore;
  now: () => Date;
};

export type Aggregated = { hours: number; subjects: number };

/**
 * Recomputes the totals of every hour since the watermark, and at least of the last HOURS_REOPENED, from the rows themselves, and the days
 * that they touch. Nothing is added to what stands: run twice, late, overlapping or out of order it leaves the same totals (E1, E2).
 * Throws when a store fails; the next run begins where this one began.
 */
export async function aggregateUsage(deps: AggregateDeps): Promise<Aggregated> {
  const present = hourOf(deps.now().toISOString());
  const hours = hoursToDo(await deps.rollups.getWatermark(), present);
  let subjects = 0;
  for (const workspace of await deps.control.listWorkspaces()) {
    const config = await deps.control.readConfig(workspace.id);
    if (config === undefined) continue;
    for (const source of config.sources) {
      for (const hour of hours) {
        await deps.rollups.putSourceHour(source.id, hour, sumPlans(await deps.ledger.plansOfHour(source.id, hour)));
      }
      for (const day of new Set(hours.map((hour) => hour.slice(0, 10)))) await putDay(deps, source.id, day);
    }
    for (const { destination } of config.destinations) {
      for (const hour of hours) {
        const rows = await deps.ledger.donesOfHour(destination.id, hour);
        await deps.rollups.putDestinationHour(destination.id, hour, sumDones(rows));
      }
    }
    subjects += config.sources.length + config.destinations.length;
  }
  await deps.rollups.advanceWatermark(present);
  return { hours: hours.length, subjects };
}

async function putDay(deps: AggregateDeps, sourceId: SourceId, day: string): Promise<void> {
  const hours = await deps.rollups.sourceHours(sourceId, `${day}T00`, `${day}T23`);
  const { routed, types } = [...hours.values()].reduce(addSourceTotals, noSourceTotals());
  await deps.rollups.putUsageDay({ sourceId, day, calls: routed, types });
}

/** From the earlier of watermark and HOURS_REOPENED ago up to the present hour, oldest first. */
export function hoursToDo(watermark: string | undefined, present: string): string[] {
  const reopened = hoursBefore(present, HOURS_REOPENED);
  const oldest = hoursBefore(present, HOURS_BEHIND_MAX);
  let hour = watermark !== undefined && watermark < reopened ? watermark : reopened;
  if (hour < oldest) hour = oldest;
  const hours: string[] = [];
  while (hour <= present && hours.length <= HOURS_BEHIND_MAX) {
    hours.push(hour);
    hour = hoursBefore(hour, -1);
  }
  return hours;
}

const HOUR_MS = 3_600_000;
const hoursBefore = (hour: string, count: number): string =>
  hourOf(new Date(Date.parse(`${hour}:00:00.000Z`) - count * HOUR_MS).toISOString());
