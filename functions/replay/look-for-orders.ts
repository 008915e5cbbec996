import { hasEnded, type ReplayOrder } from '../../shared/domain/replay-order.ts';
import type { ReplayOrderStore } from '../../shared/ports/replay-orders.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import { type CarryDeps, carryOut } from './carry-out.ts';
import { isHeld } from './hold-order.ts';

/** Orders that one invocation works on at once: each holds a round of 12 MB, or what it reads of eight objects. */
const ORDERS_AT_ONCE = 3;
/** Open orders that one invocation looks at; there is one that sends for each destination, and three that count. */
const LOOKED_AT_MAX = 500;

export type LookDeps = CarryDeps & { orders: Pick<ReplayOrderStore, 'get' | 'save' | 'listOpen' | 'forgetOpen'> };

/**
 * Goes on with open orders that nobody works on, those first that have waited longest: what the last invocation had no time for, whoever was killed
 * left behind, and nobody was told of. Answers how many it worked on.
 */
export async function lookForOrders(deps: LookDeps, context: BatchContext): Promise<number> {
  const waiting: ReplayOrder[] = [];
  for (const open of (await deps.orders.listOpen()).slice(0, LOOKED_AT_MAX)) {
    const order = await deps.orders.get(open.workspaceId, open.id);
    if (order === undefined || hasEnded(order)) await deps.orders.forgetOpen(open);
    else if (!isHeld(order, deps.now().getTime())) waiting.push(order);
  }
  const longest = waiting.toSorted((a, b) => (a.touchedAt < b.touchedAt ? -1 : 1)).slice(0, ORDERS_AT_ONCE);
  await Promise.all(longest.map(({ workspaceId, id }) => carryOut(deps, { workspaceId, id }, context)));
  return longest.length;
}
