import type { BooksDeps } from '../../shared/books/read-books.ts';
import { readBooks, sidesOf } from '../../shared/books/read-books.ts';
import { inFlightOf, planFaults } from '../../shared/domain/balance.ts';
import { total } from '../../shared/domain/books.ts';
import type { DoneRow } from '../../shared/domain/ledger-rows.ts';
import type { Mismatch } from '../../shared/domain/mismatch.ts';
import { hourOf, hourPlus } from '../../shared/domain/timestamp.ts';
import type { Destination, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { LedgerReader } from '../../shared/ports/ledger.ts';
import type { LaneMetrics, MetricsReader } from '../../shared/ports/metrics-reader.ts';

/** What is in flight with all lanes empty for so long is in no lane (design 2). */
const STUCK_AFTER_MS = 30 * 60_000;
/** A destination that was changed this recently may have parts in a lane that it held before: then all lanes must be empty. */
const LANE_CHANGED_MS = 24 * 3_600_000;

export type CheckDeps = {
  books: BooksDeps;
  ledger: Pick<LedgerReader, 'plansOfHour' | 'donesOfHour'>;
  metrics: MetricsReader;
  now: () => Date;
};

/**
 * Where the books of a workspace do not add up. Says nothing about what it cannot know: a lane without data counts as filled, and so does one
 * that holds messages with a delay, as retries are. CloudWatch is asked only where something is in flight.
 */
export async function checkBooks(deps: CheckDeps, config: WorkspaceConfig): Promise<Mismatch[]> {
  const { workspaceId } = config;
  const books = await readBooks(deps.books, config);
  const found: Mismatch[] = [];
  for (const [sourceId, [planned]] of books.sources) {
    for (const { destination, count } of planned === undefined ? [] : planFaults(planned)) {
      const named = config.destinations.find(({ destination: { id } }) => id === destination);
      const destinationId = named?.destination.id;
      found.push({ workspaceId, sourceId, ...(destinationId && { destinationId }), kind: 'equation', count });
    }
  }
  for (const { destination } of config.destinations) {
    const { id: destinationId, sourceId } = destination;
    const inFlight = inFlightOf(destinationId, sidesOf(books, destinationId, sourceId, 0));
    if (inFlight < 0) found.push({ workspaceId, sourceId, destinationId, kind: 'negative', count: inFlight });
    if (inFlight <= 0 || !(await areLanesEmpty(deps, destination))) continue;
    const count = await stuckOf(deps, config, destination);
    if (count > 0) found.push({ workspaceId, sourceId, destinationId, kind: 'stuck', count });
  }
  return found;
}

/** Whether nothing of a destination can have been in a queue at any time of the last 30 minutes. */
async function areLanesEmpty(deps: CheckDeps, destination: Destination): Promise<boolean> {
  const { lanes } = await deps.metrics.read();
  const isEmpty = (queue: LaneMetrics): boolean => queue.fullestIn30Minutes === 0;
  const shared = lanes.filter(({ lane }) => lane === undefined);
  if (shared.length < SHARED_QUEUES || !shared.every(isEmpty)) return false;
  const isSettledIn = deps.now().getTime() - Date.parse(destination.updatedAt) >= LANE_CHANGED_MS;
  const own = isSettledIn ? lanes.filter(({ lane }) => lane !== undefined && lane === destination.lane) : lanes;
  return own.every(isEmpty) && (destination.lane === undefined || own.length > 0);
}

/** Intake and the shared lane: every destination's parts may be in them. */
const SHARED_QUEUES = 2;

/**
 * Sends in flight that were planned more than half an hour ago. Of younger plans those that have ended are found by their intake ids. Ends are
 * read before the books and plans after them, so that what happens meanwhile makes the count smaller, never larger.
 */
async function stuckOf(deps: CheckDeps, config: WorkspaceConfig, destination: Destination): Promise<number> {
  const { id, sourceId } = destination;
  const since = new Date(deps.now().getTime() - STUCK_AFTER_MS).toISOString();
  const ends = await rowsSince(deps, since, (hour) => deps.ledger.donesOfHour(id, hour));
  const ofOne = { ...config, destinations: config.destinations.filter((each) => each.destination.id === id) };
  const inFlight = inFlightOf(id, sidesOf(await readBooks(deps.books, ofOne), id, sourceId, 0));
  const plans = await rowsSince(deps, since, (hour) => deps.ledger.plansOfHour(sourceId, hour));

  const young = plans.filter(({ plannedAt }) => plannedAt >= since);
  const youngIds = new Set<string>(young.map(({ intakeId }) => intakeId));
  const planned = young
    .flatMap(({ destinations }) => destinations)
    .reduce((sum, { destinationId, sends }) => (destinationId === id ? sum + sends : sum), 0);
  const ended = ends.filter(({ intakeId }) => youngIds.has(intakeId)).reduce((sum, row) => sum + endsOf(row), 0);
  return inFlight - (planned - ended);
}

const endsOf = ({ delivered, discarded, deadLettered }: DoneRow): number =>
  delivered + total(discarded) + total(deadLettered);

/** Rows from the hour of a moment to the next one. */
async function rowsSince<R>(deps: CheckDeps, since: string, read: (hour: string) => Promise<R[]>): Promise<R[]> {
  const last = hourPlus(hourOf(deps.now().toISOString()), 1);
  const rows: R[] = [];
  for (let hour = hourOf(since); hour <= last; hour = hourPlus(hour, 1)) rows.push(...(await read(hour)));
  return rows;
}
