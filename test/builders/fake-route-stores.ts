import type { DebugSampler } from '../../functions/route/debug-sampler.ts';
import type { HookSampler } from '../../functions/route/hook-sampler.ts';
import type { RefusalNotice } from '../../shared/domain/intake-message.ts';
import type { DoneRow, PlanRow, UnreadableRow } from '../../shared/domain/ledger-rows.ts';
import type { ClaimStore } from '../../shared/ports/claim-store.ts';
import type { PlanStore } from '../../shared/ports/ledger.ts';

/** Claims without expiry, in memory. */
export function fakeClaimStore(fault?: Error) {
  const owners = new Map<string, string>();
  const requests: Parameters<ClaimStore['claim']>[0][] = [];
  const store: ClaimStore = {
    claim: async (request) => {
      requests.push(request);
      if (fault !== undefined) throw fault;
      const taken = request.events.filter(({ messageId, device = '' }) => {
        const key = [request.sourceId, device, messageId].filter((part) => part !== '').join(' ');
        if (!owners.has(key)) owners.set(key, request.intakeId);
        return owners.get(key) !== request.intakeId;
      });
      return new Set(taken.map(({ messageId }) => messageId));
    },
  };
  return { ...store, owners, requests };
}

/** Plan rows by intake id and done rows, in memory. `putPlan` fails for the intake ids named. */
export function fakePlanStore(options: { dones?: DoneRow[]; failsFor?: ReadonlySet<string> } = {}) {
  const plans = new Map<string, PlanRow>();
  const notices: RefusalNotice[] = [];
  const reads: string[] = [];
  const unreadable = new Map<string, UnreadableRow>();
  const store: PlanStore = {
    getPlan: async ({ intakeId }) => {
      reads.push(intakeId);
      return plans.get(intakeId);
    },
    putPlan: async (row) => {
      if (options.failsFor?.has(row.intakeId)) throw new Error('the ledger is away');
      const there = plans.get(row.intakeId);
      if (there !== undefined && there.writeId !== row.writeId) return { outcome: 'exists', row: there };
      plans.set(row.intakeId, row);
      return { outcome: 'saved' };
    },
    findDone: async (keys) =>
      (options.dones ?? []).filter((row) =>
        keys.some(
          (key) =>
            key.destinationId === row.destinationId &&
            key.intakeId === row.intakeId &&
            key.slice === row.slice &&
            key.hop === row.hop,
        ),
      ),
    putRefusals: async (notice) => {
      notices.push(notice);
    },
    putUnreadable: async (row) => {
      unreadable.set(row.unreadableId, row);
    },
  };
  return { ...store, plans, notices, reads, unreadable };
}

/** Keeps no samples of webhooks. */
export const noHookSampler: HookSampler = { keep: async () => undefined };

/** Shows nothing. */
export const noDebugSampler: DebugSampler = { keep: async () => undefined };
