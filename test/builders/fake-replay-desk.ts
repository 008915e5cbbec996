import { documentsReplayOrders } from '../../shared/aws/documents-replay-orders.ts';
import type { DoneRow } from '../../shared/domain/ledger-rows.ts';
import type { ReplayRun } from '../../shared/domain/replay.ts';
import type { Documents } from '../../shared/ports/documents.ts';
import type { OrderName } from '../../shared/ports/replay-orders.ts';

/** What the API orders replays with: orders in the control table in memory, runs and rows as a test puts them. `onTold` is the runner. */
export function fakeReplayDesk(documents: Documents, tableName: string) {
  const told: OrderName[] = [];
  const runs: ReplayRun[] = [];
  const rows: DoneRow[] = [];
  const desk = {
    orders: documentsReplayOrders(documents, tableName),
    runs: {
      getRun: async (destinationId: string, number: number) =>
        runs.find((run) => run.destinationId === destinationId && run.number === number),
      donesOfRun: async (runId: string) => rows.filter(({ replay }) => replay === runId),
    },
    runner: {
      tell: async (order: OrderName) => {
        told.push(order);
        await desk.onTold(order);
      },
    },
    onTold: async (_order: OrderName): Promise<void> => undefined,
    /** From now on the runner takes orders that far, at once. */
    carryTo: (state: 'running' | 'finished'): void => {
      desk.onTold = async ({ workspaceId, id }) => {
        const order = await desk.orders.get(workspaceId, id);
        if (order === undefined) return;
        await desk.orders.save(order, { ...order, state, writeId: `runner ${id}` });
      };
    },
    told,
    known: { runs, rows },
  };
  return desk;
}
