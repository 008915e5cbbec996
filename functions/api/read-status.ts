import { readBooks, sidesOf, type BooksDeps } from '../../shared/books/read-books.ts';
import { recoveredOf, type RecoveredDeps } from '../../shared/books/recovered.ts';
import { DEAD_LETTER_DAYS } from '../../shared/config/limits.ts';
import { addTwoSided, inFlightOf, type TwoSided } from '../../shared/domain/balance.ts';
import type { ErrorLine } from '../../shared/domain/books.ts';
import { addSourceTotals, noSourceTotals, percentileMs, total } from '../../shared/domain/books.ts';
import type { Counts } from '../../shared/domain/ledger-rows.ts';
import type { Mismatch } from '../../shared/domain/mismatch.ts';
import { type Rehearsal, rehearsalAt } from '../../shared/domain/rehearsal.ts';
import { dayOf, dayPlus, hourOf, hourPlus } from '../../shared/domain/timestamp.ts';
import type { Destination, Workspace, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { BreakerStore, OpenBreaker } from '../../shared/ports/breaker-store.ts';
import type { InboxStore } from '../../shared/ports/delivery-stores.ts';
import type { LedgerReader } from '../../shared/ports/ledger.ts';
import type { MetricsReader, OperationalMetrics } from '../../shared/ports/metrics-reader.ts';
import type { RollupStore } from '../../shared/ports/rollup-store.ts';

/** What the status looks back on. */
export const STATUS_HOURS = 24;
/** Events of an Inbox that the status shows; the Inbox itself keeps more. */
export const STATUS_INBOX_EVENTS_MAX = 20;
/** Error lines of one destination. */
export const STATUS_ERRORS_MAX = 10;
/** Days before today whose API calls are shown in one number. */
const USAGE_DAYS_BEFORE = 6;

export type StatusDeps = {
  books: BooksDeps;
  recovered: RecoveredDeps;
  rollups: Pick<RollupStore, 'usageDays' | 'getMismatches'>;
  breakers: Pick<BreakerStore, 'get'>;
  refusals: Pick<LedgerReader, 'refusalsOfHour'>;
  metrics: MetricsReader;
  inbox: Pick<InboxStore, 'list'>;
  now: () => Date;
};

/** The answer of GET /app-api/status: counts of the last STATUS_HOURS from the books, rates and lanes as CloudWatch last said. */
export type Status = {
  asOf: string;
  hours: number;
  workspace: { id: string; name: string };
  metrics: OperationalMetrics;
  /** What the newest hourly check of the books found; empty in sound books. Absent until the first check. */
  mismatches?: { checkedAt: string; found: Mismatch[] };
  sources: {
    id: string;
    name: string;
    kind: string;
    enabled: boolean;
    received: number;
    routed: number;
    duplicate: number;
    invalid: Counts;
    blocked: Counts;
    /** API calls (I01): of today up to now from the books, and of the six days before it as aggregated. */
    callsToday: number;
    callsBefore: number;
  }[];
  /** Requests that never became events: counted by the environments that refused them, best effort. */
  refusals: { sourceId?: string; writeKey?: string; reason: string; count: number }[];
  destinations: DestinationStatus[];
};

export type DestinationStatus = {
  id: string;
  name: string;
  type: string;
  sourceId: string;
  enabled: boolean;
  paused?: Destination['paused'];
  /** An outage that is rehearsed now. */
  rehearsal?: Rehearsal;
  breaker?: Pick<OpenBreaker, 'openedAt' | 'cause' | 'code' | 'message' | 'probeAt' | 'probes'>;
  /** The lane that it holds; absent: the shared one. */
  lane?: number;
  sends: number;
  delivered: number;
  discarded: Counts;
  deadLettered: Counts;
  filtered: Counts;
  /** Of all time: planned and not ended. Of those, `waiting` have failed and wait for their next try. */
  inFlight: number;
  waiting: number;
  /** Payloads that were not delivered in the last DEAD_LETTER_DAYS: kept, and can be replayed. `recovered`: what replays have delivered. */
  kept: number;
  recovered: number;
  p95Ms?: number;
  errors: ErrorLine[];
  inbox?: unknown[];
};

/** Parts of the time, as the books are cut: long ago, the days that dead letters are kept, the day before midnight, today. */
const KEPT = 1;
const RECENT = 2;
const TODAY = 3;

export async function readStatus(deps: StatusDeps, workspace: Workspace, config: WorkspaceConfig): Promise<Status> {
  const now = deps.now();
  const present = hourOf(now.toISOString());
  const today = dayOf(now.toISOString());
  const cuts = [`${dayPlus(today, -DEAD_LETTER_DAYS)}T00`, hourPlus(present, 1 - STATUS_HOURS), `${today}T00`];
  const books = await readBooks(deps.books, config, cuts);
  const mismatches = await deps.rollups.getMismatches();
  return {
    asOf: now.toISOString(),
    hours: STATUS_HOURS,
    workspace: { id: workspace.id, name: workspace.name },
    metrics: await deps.metrics.read(),
    ...(mismatches !== undefined && {
      mismatches: {
        checkedAt: mismatches.checkedAt,
        found: mismatches.found.filter(({ workspaceId }) => workspaceId === workspace.id),
      },
    }),
    sources: await Promise.all(
      config.sources.map(async (source) => {
        const parts = books.sources.get(source.id) ?? [];
        const { received, routed, duplicate, invalid, blocked } = parts
          .slice(RECENT)
          .reduce(addSourceTotals, noSourceTotals());
        const days = await deps.rollups.usageDays(source.id, dayPlus(today, -USAGE_DAYS_BEFORE), dayPlus(today, -1));
        const { id, name, kind, enabled } = source;
        return {
          id,
          name,
          kind,
          enabled,
          received,
          routed,
          duplicate,
          invalid,
          blocked,
          callsToday: parts[TODAY]?.routed ?? 0,
          callsBefore: days.reduce((sum, { calls }) => sum + calls, 0),
        };
      }),
    ),
    refusals: await refusalsOf(deps, config, [hourPlus(present, -1), present]),
    destinations: await Promise.all(
      config.destinations.map(({ destination }) => {
        const { id, sourceId } = destination;
        const parts = [0, KEPT, RECENT, TODAY].map((part) => sidesOf(books, id, sourceId, part));
        const source = config.sources.find((one) => one.id === sourceId);
        return statusOf(deps, destination, parts, rehearsalAt(destination, source, now.getTime()));
      }),
    ),
  };
}

async function statusOf(
  deps: StatusDeps,
  destination: Destination,
  parts: readonly TwoSided[],
  rehearsal: Rehearsal | undefined,
): Promise<DestinationStatus> {
  const { id, name, type, sourceId, enabled, paused, lane } = destination;
  const sumFrom = (part: number): TwoSided => parts.slice(part).reduce(addTwoSided);
  const recent = sumFrom(RECENT);
  const breaker = await deps.breakers.get(id);
  const recovered = await recoveredOf(deps.recovered, id);
  const all = sumFrom(0);
  const inFlight = inFlightOf(id, all);
  const kept = sumFrom(KEPT).done;
  const p95Ms = percentileMs(recent.done.latency, 0.95);
  return {
    id,
    name,
    type,
    sourceId,
    enabled,
    ...(paused !== undefined && { paused }),
    ...(rehearsal !== undefined && { rehearsal }),
    ...(breaker !== undefined && { breaker: shownOf(breaker) }),
    ...(lane !== undefined && { lane }),
    sends: recent.planned.planned[id]?.sends ?? 0,
    delivered: recent.done.delivered,
    discarded: recent.done.discarded,
    deadLettered: recent.done.deadLettered,
    filtered: recent.planned.planned[id]?.filtered ?? {},
    inFlight,
    // Hops are read one after the other, so that a later one may be seen without the one before it.
    waiting: Math.max(0, Math.min(all.done.retry - all.done.retried, inFlight)),
    kept: total(kept.discarded) + total(kept.deadLettered),
    recovered,
    ...(p95Ms !== undefined && { p95Ms }),
    errors: recent.done.errors.slice(0, STATUS_ERRORS_MAX),
    ...(type === 'inbox' && { inbox: (await deps.inbox.list(id)).slice(0, STATUS_INBOX_EVENTS_MAX) }),
  };
}

const shownOf = ({ openedAt, cause, code, message, probeAt, probes }: OpenBreaker): DestinationStatus['breaker'] => ({
  openedAt,
  cause,
  code,
  message,
  probeAt,
  probes,
});

/** Refusals of this workspace's sources and of keys that nobody owns, most first. */
async function refusalsOf(deps: StatusDeps, config: WorkspaceConfig, hours: string[]): Promise<Status['refusals']> {
  const own = new Set<string>(config.sources.map(({ id }) => id));
  const sums = new Map<string, Status['refusals'][number]>();
  for (const hour of hours) {
    for (const notice of await deps.refusals.refusalsOfHour(hour)) {
      for (const { sourceId, writeKey, reason, count } of notice.refusals) {
        if (sourceId !== undefined && !own.has(sourceId)) continue;
        const key = `${sourceId ?? ''}#${writeKey ?? ''}#${reason}`;
        sums.set(key, { sourceId, writeKey, reason, count: (sums.get(key)?.count ?? 0) + count });
      }
    }
  }
  return [...sums.values()].toSorted((a, b) => b.count - a.count).slice(0, STATUS_ERRORS_MAX);
}
