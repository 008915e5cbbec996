import { logError } from '../../shared/aws/log.ts';
import { hasEnded } from '../../shared/domain/replay-order.ts';
import type { OrderName, ReplayOrderStore } from '../../shared/ports/replay-orders.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import { type CountDeps, countOrder } from './count-order.ts';
import { type Hold, holdOrder, isHeld } from './hold-order.ts';
import { type SendDeps, sendOrder } from './send-order.ts';

/** Errors in a row after which an order has failed: what makes it fail does not pass. */
const ERRORS_MAX = 8;

export type CarryDeps = CountDeps & SendDeps & { orders: Pick<ReplayOrderStore, 'get' | 'save'> };

/** `ended`, or held by another; `again`: something is left, for the next invocation. */
export type Rest = 'ended' | 'again';

/**
 * Goes on with an order as far as the time of one invocation allows; the next goes on. It may be killed at any moment: nothing is lost, since order,
 * run, manifest and slices say how far it is. Throws only where the control table fails.
 */
export async function carryOut(deps: CarryDeps, name: OrderName, context: BatchContext): Promise<void> {
  const order = await deps.orders.get(name.workspaceId, name.id);
  if (order === undefined || hasEnded(order) || isHeld(order, deps.now().getTime())) return;
  const hold = await holdOrder(deps, order);
  if (hold === undefined) return;
  const rest = await work(deps, hold, context);
  if (rest === 'ended') return;
  // Errors in a row are what counts.
  await hold.save({ holder: undefined, errors: rest === 'error' ? hold.order().errors + 1 : 0 });
}

async function work(deps: CarryDeps, hold: Hold, context: BatchContext): Promise<Rest | 'error'> {
  try {
    if (hold.order().state === 'counting') {
      const rest = await countOrder(deps, hold, context);
      if (rest !== 'counted') return rest;
    }
    return await sendOrder(deps, hold, context);
  } catch (error) {
    const { id, workspaceId, errors } = hold.order();
    logError('A replay came upon an error; it is tried again', error, { replayId: id, workspaceId, errors });
    if (errors + 1 < ERRORS_MAX) return 'error';
    await hold.save({ state: 'failed', failure: 'error', endedAt: deps.now().toISOString() });
    return 'ended';
  }
}
