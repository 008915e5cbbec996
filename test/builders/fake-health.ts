import type { HealthWork } from '../../functions/api/resources/health-work.ts';
import { addCounts } from '../../shared/domain/books.ts';
import type { DestinationDigest, Digest, SourceDigest } from '../../shared/domain/digest.ts';
import type { RefusalNotice } from '../../shared/domain/intake-message.ts';
import type { Counts } from '../../shared/domain/ledger-rows.ts';
import { hourOf, minuteOf } from '../../shared/domain/timestamp.ts';
import type { OperationalMetrics } from '../../shared/ports/metrics-reader.ts';
import type { Mismatches } from '../../shared/ports/rollup-store.ts';

const noSource = (): SourceDigest => ({
  received: 0,
  invalid: {},
  duplicate: 0,
  suppressed: 0,
  blocked: {},
  routed: 0,
  lastAt: '',
  keys: {},
});
const noDestination = (): DestinationDigest => ({
  filtered: {},
  queued: 0,
  sends: 0,
  delivered: 0,
  discarded: {},
  deadLettered: {},
  retry: 0,
  retried: 0,
  failedTries: {},
  latency: [],
});

/** Digests, refusals and metrics in memory. What is put lies in its minute and hour, as the every-minute run sums them. */
export function fakeHealth() {
  const minutes = new Map<string, Digest>();
  const hours = new Map<string, Digest>();
  const refusals: RefusalNotice[] = [];
  const reads: string[] = [];
  const state = {
    metrics: { asOf: '2026-11-26T10:00:00.000Z', lanes: [], functions: [] } as OperationalMetrics,
    mismatches: undefined as Mismatches | undefined,
    countedTo: '2026-11-26T09:59:00.000Z',
  };
  const spansAt = (at: string): Digest[] =>
    (
      [
        [minutes, minuteOf(at)],
        [hours, hourOf(at)],
      ] as const
    ).map(([map, span]) => {
      const digest = map.get(span) ?? { sources: {}, destinations: {} };
      map.set(span, digest);
      return digest;
    });
  const within = (map: ReadonlyMap<string, Digest>, from: string, to: string) =>
    new Map([...map].filter(([span]) => span >= from && span <= to));
  const work: HealthWork = {
    digests: {
      hours: async (_workspace, from, to) => {
        reads.push(`hours ${from} ${to}`);
        return within(hours, from, to);
      },
      minutes: async (_workspace, from, to) => {
        reads.push(`minutes ${from.slice(0, 13)}`);
        return within(minutes, from, to);
      },
      asOf: async () => state.countedTo,
    },
    refusals: {
      refusalsOfHour: async (hour) => {
        reads.push(`refusals ${hour}`);
        return refusals.filter(({ at }) => hourOf(at) === hour);
      },
    },
    metrics: {
      read: async () => {
        reads.push('metrics');
        return state.metrics;
      },
    },
    rollups: { getMismatches: async () => state.mismatches },
  };
  return {
    deps: { health: async () => work },
    work,
    reads,
    state,
    refusals,
    /** Tries of a destination in one minute. */
    tried: (at: string, delivered: number, failedTries: Counts = {}, id = 'dst_1', deadLettered: Counts = {}) => {
      for (const digest of spansAt(at)) {
        const sofar = digest.destinations[id] ?? noDestination();
        digest.destinations[id] = {
          ...sofar,
          delivered: sofar.delivered + delivered,
          failedTries: addCounts(sofar.failedTries, failedTries),
          deadLettered: addCounts(sofar.deadLettered, deadLettered),
        };
      }
    },
    /** Events that a source received in one minute. */
    received: (at: string, received: number, invalid: Counts = {}, id = 'src_1') => {
      for (const digest of spansAt(at)) {
        const sofar = digest.sources[id] ?? noSource();
        digest.sources[id] = {
          ...sofar,
          received: sofar.received + received,
          invalid: addCounts(sofar.invalid, invalid),
          lastAt: at,
        };
      }
    },
    refused: (at: string, ...some: RefusalNotice['refusals']) =>
      refusals.push({ v: 1, notice: 'refusals', noticeId: `n${refusals.length}`, at, refusals: some }),
  };
}
