import { log } from '../../shared/aws/log.ts';
import { LEDGER_ROW_DAYS } from '../../shared/config/limits.ts';
import { addSourceTotals, noSourceTotals, sumDones, sumPlans } from '../../shared/domain/books.ts';
import type { DestinationId, SourceId } from '../../shared/domain/ids.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { LedgerReader } from '../../shared/ports/ledger.ts';
import type { LateHour, RollupStore } from '../../shared/ports/rollup-store.ts';

/** Late rows reopen the last hours: retries, redeliveries and slow clocks write into them. */
export const HOURS_REOPENED = 3;
/** Of hours older than this, rows may have expired: recomputing them would write fewer than there were over what stands. */
export const HOURS_BEHIND_MAX = (LEDGER_ROW_DAYS - 1) * 24;
/** A mark rests so long before it is taken: the row that it was put for, and those after it, are there by then (design 2). */
export const MARK_REST_MS = 3 * 60_000;
/** Marked hours that one run recomputes; the next one takes more. */
const LATE_HOURS_MAX = 500;

export type AggregateDeps = {
  control: Pick<ControlStore, 'listWorkspaces' | 'readConfig'>;
  ledger: Pick<LedgerReader, 'plansOfHour' | 'donesOfHour'>;
  rollups: RollupStore;
  now: () => Date;
};

export type Aggregated = { hours: number; subjects: number };

/**
 * Recomputes the totals of every hour since HOURS_REOPENED before the watermark, and of hours marked late, from the rows themselves, and the
 * days that they touch. Nothing is added to what stands: run twice, late, overlapping or out of order it leaves the same totals (E1, E2).
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
      for (const hour of hours) await putSourceHour(deps, source.id, hour);
      for (const day of new Set(hours.map((hour) => hour.slice(0, 10)))) await putDay(deps, source.id, day);
    }
    for (const { destination } of config.destinations) {
      for (const hour of hours) await putDestinationHour(deps, destination.id, hour);
    }
    subjects += config.sources.length + config.destinations.length;
  }
  await deps.rollups.advanceWatermark(present);
  for (const late of await deps.rollups.lateHours(LATE_HOURS_MAX)) await redoLateHour(deps, late);
  return { hours: hours.length, subjects };
}

async function putSourceHour(deps: AggregateDeps, sourceId: SourceId, hour: string): Promise<void> {
  await deps.rollups.putSourceHour(sourceId, hour, sumPlans(await deps.ledger.plansOfHour(sourceId, hour)));
}

async function putDestinationHour(deps: AggregateDeps, destinationId: DestinationId, hour: string): Promise<void> {
  await deps.rollups.putDestinationHour(
    destinationId,
    hour,
    sumDones(await deps.ledger.donesOfHour(destinationId, hour)),
  );
}

/** The mark goes last, and only if it is still the one that was read: a row that came meanwhile has put another. */
async function redoLateHour(deps: AggregateDeps, late: LateHour): Promise<void> {
  if (deps.now().getTime() - Date.parse(late.markedAt) < MARK_REST_MS) return;
  const { subject, hour } = late;
  if (hour < hoursBefore(hourOf(deps.now().toISOString()), HOURS_BEHIND_MAX)) {
    log('WARN', 'A row came too late for the totals of its hour, which stay as they are', { hour, ...subject });
  } else if ('sourceId' in subject) {
    await putSourceHour(deps, subject.sourceId, hour);
    await putDay(deps, subject.sourceId, hour.slice(0, 10));
  } else {
    await putDestinationHour(deps, subject.destinationId, hour);
  }
  await deps.rollups.clearLateHour(late);
}

async function putDay(deps: AggregateDeps, sourceId: SourceId, day: string): Promise<void> {
  const hours = await deps.rollups.sourceHours(sourceId, `${day}T00`, `${day}T23`);
  const { routed, types } = [...hours.values()].reduce(addSourceTotals, noSourceTotals());
  await deps.rollups.putUsageDay({ sourceId, day, calls: routed, types });
}

/** From HOURS_REOPENED before the watermark, which is where the last run stood, up to the present hour, oldest first. */
export function hoursToDo(watermark: string | undefined, present: string): string[] {
  const oldest = hoursBefore(present, HOURS_BEHIND_MAX);
  let hour = hoursBefore(watermark !== undefined && watermark < present ? watermark : present, HOURS_REOPENED);
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
