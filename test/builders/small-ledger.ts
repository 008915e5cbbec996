import { ledgerKeys } from '../../shared/aws/ledger-keys.ts';
import type { DoneRow, PlanRow, UnreadableRow } from '../../shared/domain/ledger-rows.ts';
import type { DoneKey, DoneStore, PlanKey, PlanStore } from '../../shared/ports/ledger.ts';

/** Plan and done rows under the keys that the ledger table has for them. */
export function smallLedger() {
  const planRows = new Map<string, PlanRow>();
  const doneRows = new Map<string, DoneRow>();
  const unreadable = new Map<string, UnreadableRow>();
  const nameOf = ({ pk, sk }: { pk: string; sk: string }): string => `${pk} ${sk}`;
  const planName = (key: PlanKey) => nameOf(ledgerKeys.plan(key));
  const doneName = (key: DoneKey) => nameOf(ledgerKeys.done(key));
  const findDone = async (keys: readonly DoneKey[]) => keys.flatMap((key) => doneRows.get(doneName(key)) ?? []);
  const plans: PlanStore = {
    getPlan: async (key) => planRows.get(planName(key)),
    putPlan: async (row) => {
      const there = planRows.get(planName(row));
      if (there !== undefined && there.writeId !== row.writeId) return { outcome: 'exists', row: there };
      planRows.set(planName(row), row);
      return { outcome: 'saved' };
    },
    findDone,
    putRefusals: async () => undefined,
    putUnreadable: async (row) => void unreadable.set(row.unreadableId, row),
  };
  const dones: DoneStore = {
    getDone: async (key) => doneRows.get(doneName(key)),
    findDone,
    putDone: async (row) => {
      const there = doneRows.get(doneName(row));
      if (there !== undefined && there.writeId !== row.writeId) return { outcome: 'exists', row: there };
      doneRows.set(doneName(row), row);
      return { outcome: 'saved' };
    },
  };
  return { plans, dones, planRows, doneRows, unreadable };
}
