import { type LiveNumbers, liveNumbers } from '../../functions/api/live-numbers.ts';
import { destinationPartOf, type DigestParts, sourcePartOf } from '../../shared/domain/digest-sums.ts';
import { WorkspaceId } from '../../shared/domain/ids.ts';
import type { DoneRow, PlanRow } from '../../shared/domain/ledger-rows.ts';
import { touchesOfDone, touchOfPlan } from '../../shared/pipeline/touch-of.ts';
import { fakeDigests, fakeSpanRows } from './fake-digests.ts';

/** Live numbers over sums and rows in memory. */
export function liveWorld(begin: string) {
  const kept = fakeDigests();
  const rows = fakeSpanRows();
  const clock = { nowMs: Date.parse(begin) };
  const now = () => new Date(clock.nowMs);
  const live: LiveNumbers = liveNumbers({ digests: kept.store, rows: rows.rows, now });
  const keep = (all: typeof kept.minutes, workspaceId: string, span: string, parts: DigestParts): void => {
    const version = (all.get(`${workspaceId} ${span}`)?.version ?? 0) + 1;
    all.set(`${workspaceId} ${span}`, { parts, version });
  };
  return {
    kept,
    rows,
    live,
    now,
    clock,
    pass: (seconds: number) => {
      clock.nowMs += seconds * 1_000;
    },
    /** As check-alerts leaves it. */
    standsAt: (minute: string, since = '2026-01-01T00:00') => {
      kept.kept.state = { fence: 1, heldUntilMs: 0, minute, since, behind: {} };
    },
    minute: (span: string, parts: DigestParts, workspaceId = 'ws_1') => keep(kept.minutes, workspaceId, span, parts),
    hour: (span: string, parts: DigestParts, workspaceId = 'ws_1') => keep(kept.hours, workspaceId, span, parts),
    plan: (row: PlanRow) => {
      kept.touches.push({ ...touchOfPlan(row), at: now().toISOString() });
      rows.plans.push(row);
    },
    done: (row: DoneRow) => {
      for (const touch of touchesOfDone({ destinationId: row.destinationId, part: row })) {
        kept.touches.push({ ...touch, at: now().toISOString() });
      }
      rows.dones.push(row);
    },
  };
}

export const ws1 = WorkspaceId.parse('ws_1');

/** What rows say, as it is kept. */
export function partsOf(plans: readonly PlanRow[], dones: readonly DoneRow[]): DigestParts {
  const sources = Object.fromEntries(
    [...Map.groupBy(plans, ({ sourceId }) => sourceId)].flatMap(([id, rows]) => {
      const part = sourcePartOf(rows, 255);
      return part === undefined ? [] : [[id, part]];
    }),
  );
  const destinations = Object.fromEntries(
    [...Map.groupBy(dones, ({ destinationId }) => destinationId)].flatMap(([id, rows]) => {
      const part = destinationPartOf(rows, 255);
      return part === undefined ? [] : [[id, part]];
    }),
  );
  return { sources, destinations };
}
