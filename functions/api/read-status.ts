import { destinationBalance } from '../../shared/domain/balance.ts';
import type { ErrorLine } from '../../shared/domain/books.ts';
import { percentileMs } from '../../shared/domain/books.ts';
import type { Counts } from '../../shared/domain/ledger-rows.ts';
import { dayOf, hourOf } from '../../shared/domain/timestamp.ts';
import type { Workspace, WorkspaceConfig } from '../../shared/domain/workspace.ts';

import type { InboxStore } from '../../shared/ports/delivery-stores.ts';
import type { LedgerReader } from '../../shared/ports/ledger.ts';
import type { MetricsReader, OperationalMetrics } from '../../shared/ports/metrics-reader.ts';
import type { RollupStore } from '../../shared/ports/rollup-store.ts';
import type { BooksReader } from './read-books.ts';

/** What the status looks back on. */
export const STATUS_HOURS = 24;
/** Events of an Inbox that the status shows; the Inbox itself keeps more. */
export const STATUS_INBOX_EVENTS_MAX = 20;
/** Error lines of one destination. */
export const STATUS_ERRORS_MAX = 10;
/** Days before today whose API calls are shown in one number. */
const USAGE_DAYS_BEFORE = 6;
const HOUR_MS = 3_600_000;

export type StatusDeps = {
  books: BooksReader;
  rollups: Pick<RollupStore, 'usageDays'>;
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
  destinations: {
    id: string;
    name: string;
    type: string;
    sourceId: string;
    enabled: boolean;
    sends: number;
    delivered: number;
    discarded: Counts;
    deadLettered: Counts;
    filtered: Counts;
    inFlight: number;
    p95Ms?: number;
    errors: ErrorLine[];
    inbox?: unknown[];
  }[];
};

export async function readStatus(deps: StatusDeps, workspace: Workspace, config: WorkspaceConfig): Promise<Status> {
  const now = deps.now();
  const to = hourOf(now.toISOString());
  const earliest = hourOf(new Date(now.getTime() - (STATUS_HOURS - 1) * HOUR_MS).toISOString());
  const since = (createdAt: string) => (hourOf(createdAt) > earliest ? hourOf(createdAt) : earliest);
  const today = dayOf(now.toISOString());
  const dayBefore = (days: number) => dayOf(new Date(now.getTime() - days * 24 * HOUR_MS).toISOString());

  const books = new Map(
    await Promise.all(
      config.sources.map(async (source) => {
        const totals = await deps.books.source(source.id, since(source.createdAt), to);
        const midnight = `${today}T00`;
        const { routed } = await deps.books.source(source.id, later(since(source.createdAt), midnight), to);
        const days = await deps.rollups.usageDays(source.id, dayBefore(USAGE_DAYS_BEFORE), dayBefore(1));
        const callsBefore = days.reduce((sum, { calls }) => sum + calls, 0);
        return [source.id, { source, totals, callsToday: routed, callsBefore }] as const;
      }),
    ),
  );
  const destinations = await Promise.all(
    config.destinations.map(async ({ destination }) => {
      const plan = books.get(destination.sourceId);
      if (plan === undefined) return undefined;
      const done = await deps.books.destination(destination.id, since(plan.source.createdAt), to);
      const balance = destinationBalance(destination.id, destination.sourceId, plan.totals, done);
      return {
        id: destination.id,
        name: destination.name,
        type: destination.type,
        sourceId: destination.sourceId,
        enabled: destination.enabled,
        sends: balance.delivered + balance.discarded + balance.dlq + balance.inFlight,
        delivered: balance.delivered,
        discarded: done.discarded,
        deadLettered: done.deadLettered,
        filtered: balance.reasons.filtered,
        inFlight: balance.inFlight,
        p95Ms: percentileMs(done.latency, 0.95),
        errors: done.errors.slice(0, STATUS_ERRORS_MAX),
        inbox:
          destination.type === 'inbox'
            ? (await deps.inbox.list(destination.id)).slice(0, STATUS_INBOX_EVENTS_MAX)
            : undefined,
      };
    }),
  );
  return {
    asOf: now.toISOString(),
    hours: STATUS_HOURS,
    workspace: { id: workspace.id, name: workspace.name },
    metrics: await deps.metrics.read(),
    sources: [...books.values()].map(({ source, totals, callsToday, callsBefore }) => ({
      id: source.id,
      name: source.name,
      kind: source.kind,
      enabled: source.enabled,
      received: totals.received,
      routed: totals.routed,
      duplicate: totals.duplicate,
      invalid: totals.invalid,
      blocked: totals.blocked,
      callsToday,
      callsBefore,
    })),
    refusals: await refusalsOf(deps, config, [hourOf(new Date(now.getTime() - HOUR_MS).toISOString()), to]),
    destinations: destinations.filter((line) => line !== undefined),
  };
}

const later = (a: string, b: string): string => (a > b ? a : b);

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
