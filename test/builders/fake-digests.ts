import { asOfState, reachOf } from '../../shared/aws/kept-digests.ts';
import { shardOf } from '../../shared/pipeline/ledger-shard.ts';
import { type DigestParts, digestOf } from '../../shared/domain/digest-sums.ts';
import { minuteOf } from '../../shared/domain/timestamp.ts';
import type { DoneRow, PlanRow } from '../../shared/domain/ledger-rows.ts';
import type { DigestStore, KeptParts, MinuteState, Touch, Touched } from '../../shared/ports/digest-store.ts';
import type { SpanRows } from '../../shared/ports/ledger.ts';

/** Sums and touches in memory, with the versions that the table has. `reads` counts what is asked for. */
export function fakeDigests() {
  const minutes = new Map<string, KeptParts>();
  const hours = new Map<string, KeptParts>();
  const touches: (Touch & { at: string })[] = [];
  const reads = { minutes: 0, hours: 0, touched: 0, state: 0 };
  const kept: { state: MinuteState | undefined } = { state: undefined };
  const between = (all: Map<string, KeptParts>, workspaceId: string, from: string, to: string) =>
    new Map(
      [...all].flatMap(([key, value]): [string, KeptParts][] => {
        const [owner, span = ''] = key.split(' ');
        return owner === workspaceId && span >= from && span <= to ? [[span, structuredClone(value)]] : [];
      }),
    );
  const digests = (all: Map<string, KeptParts>) =>
    new Map([...all].map(([span, { parts }]) => [span, digestOf(parts)] as const));
  const store: DigestStore = {
    minuteParts: async (workspaceId, from, to) => {
      reads.minutes += 1;
      return between(minutes, workspaceId, from, to);
    },
    hourParts: async (workspaceId, from, to) => {
      reads.hours += 1;
      return between(hours, workspaceId, from, to);
    },
    minutes: async (workspaceId, from, to) => digests(await store.minuteParts(workspaceId, from, to)),
    hours: async (workspaceId, from, to) => digests(await store.hourParts(workspaceId, from, to)),
    touched: async (workspaceId, from, to) => {
      reads.touched += 1;
      const found = new Map<string, Touched[]>();
      for (const { at, subject, minute, shard, workspaceId: owner } of touches) {
        const touchedAt = minuteOf(at);
        if (owner !== workspaceId || touchedAt < from || touchedAt > to) continue;
        found.set(touchedAt, [...(found.get(touchedAt) ?? []), { subject, minute, shards: 1 << shard }]);
      }
      return found;
    },
    put: async (workspaceId, span, parts, version) => {
      const all = 'minute' in span ? minutes : hours;
      const key = `${workspaceId} ${'minute' in span ? span.minute : span.hour}`;
      if ((all.get(key)?.version ?? 0) !== version) return 'stale';
      all.set(key, { parts: structuredClone(parts), version: version + 1 });
      return 'saved';
    },
    asOf: async (workspaceId) => {
      reads.state += 1;
      return asOfState(kept.state, workspaceId);
    },
    reach: async (workspaceId) => {
      reads.state += 1;
      return reachOf(kept.state, workspaceId);
    },
    state: async () => structuredClone(kept.state),
    putState: async (state, fence) => {
      if ((kept.state?.fence ?? 0) !== fence) return 'stale';
      kept.state = structuredClone(state);
      return 'saved';
    },
  };
  return { store, minutes, hours, touches, reads, kept };
}

/** Rows in memory, read as the ledger table is: by subject, span and shards. `asked` are the queries that would have been made. */
export function fakeSpanRows() {
  const plans: PlanRow[] = [];
  const dones: DoneRow[] = [];
  const asked: string[] = [];
  const isIn = (shards: number, intakeId: string): boolean => (shards & (1 << shardOf(intakeId))) !== 0;
  const note = (id: string, span: string, shards: number, how: string): void => {
    for (let shard = 0; shard < 8; shard += 1) if ((shards & (1 << shard)) !== 0) asked.push(`${id} ${span} ${how}`);
  };
  const rows: SpanRows = {
    plansOfSpan: async (sourceId, span, shards, how) => {
      note(sourceId, span, shards, how);
      return plans.filter(
        (row) => row.sourceId === sourceId && row.receivedAt.startsWith(span) && isIn(shards, row.intakeId),
      );
    },
    donesOfSpan: async (destinationId, span, shards, how) => {
      note(destinationId, span, shards, how);
      return dones.filter(
        (row) => row.destinationId === destinationId && row.dueAt.startsWith(span) && isIn(shards, row.intakeId),
      );
    },
  };
  return { rows, plans, dones, asked };
}

export const partsIn = (all: Map<string, KeptParts>, span: string): DigestParts | undefined =>
  all.get(`ws_1 ${span}`)?.parts;
