import { log } from '../../shared/aws/log.ts';
import { HOURS_REOPENED } from '../../shared/books/standing.ts';
import { type DestinationTotals, total } from '../../shared/domain/books.ts';
import { dayOf, dayPlus, hourOf, hourPlus } from '../../shared/domain/timestamp.ts';
import type { Destination, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { RollupStore } from '../../shared/ports/rollup-store.ts';

/** Full days of failing only, in UTC, after which a destination is paused with its events kept (reliability 1.3). */
export const FAILING_DAYS = 5;

export type PauseDeps = {
  control: Pick<ControlStore, 'saveDestination'>;
  rollups: Pick<RollupStore, 'destination'>;
  now: () => Date;
  newWriteId: () => string;
};

/**
 * Pauses the enabled destinations that have failed on each of the last FAILING_DAYS days without a single delivery up to now, and answers them. The days
 * count from the last change of the destination: whoever has resumed or corrected one gets as many again. One that somebody changes at this
 * moment is left for the next run.
 */
export async function pauseFailing(deps: PauseDeps, config: WorkspaceConfig): Promise<Destination[]> {
  const now = deps.now().toISOString();
  // Days whose hours are rolled up for good.
  const today = dayOf(hourPlus(hourOf(now), -HOURS_REOPENED));
  const first = dayPlus(today, -FAILING_DAYS);
  const last = dayPlus(today, -1);
  const paused: Destination[] = [];
  for (const { destination } of config.destinations) {
    if (!destination.enabled || destination.paused !== undefined || dayOf(destination.updatedAt) >= first) continue;
    const days = [...(await deps.rollups.destination(destination.id).days(first, last)).values()];
    if (days.length < FAILING_DAYS || !days.every(({ totals }) => isFailingOnly(totals))) continue;
    // It may have recovered since: the hours of today have just been rolled up.
    const since = await deps.rollups.destination(destination.id).hours(`${today}T00`, hourOf(now));
    if ([...since.values()].some(({ totals }) => totals.delivered > 0)) continue;
    const saved = await deps.control.saveDestination(
      { ...destination, paused: { since: now, by: 'failing' }, updatedAt: now },
      deps.newWriteId(),
    );
    if (saved.outcome === 'stale') continue;
    log('WARN', 'A destination was paused: all sends failed for days', { destinationId: destination.id, first, last });
    paused.push(saved.value);
  }
  return paused;
}

const isFailingOnly = ({ delivered, discarded, deadLettered, retry }: DestinationTotals): boolean =>
  delivered === 0 && total(discarded) + total(deadLettered) + retry > 0;
