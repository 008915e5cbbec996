import { hasEnded, type ReplayOrder } from '../../shared/domain/replay-order.ts';
import type { ReplayOrderStore } from '../../shared/ports/replay-orders.ts';

/** Whoever works on an order says so this often. */
const TOUCH_MS = 10_000;
/** So long after that nobody else works on it. */
export const HELD_MS = 30_000;
/** Saves that met somebody else's (a cancellation) are tried again. */
const SAVE_TRIES_MAX = 5;

export type HoldDeps = {
  orders: Pick<ReplayOrderStore, 'get' | 'save'>;
  now: () => Date;
  newWriteId: () => string;
};

/** An order that is worked on by one invocation alone, as long as that says so. */
export type Hold = {
  order(): ReplayOrder;
  /** False where the order is no longer ours: it has ended, or is held by another. */
  save(change: Partial<ReplayOrder>): Promise<boolean>;
  /** Reads it, says now and then that it is worked on, and answers how it stands. */
  look(): Promise<'ours' | 'cancelled' | 'lost'>;
};

export const isHeld = ({ holder, touchedAt }: ReplayOrder, nowMs: number): boolean =>
  holder !== undefined && nowMs - Date.parse(touchedAt) < HELD_MS;

/** Takes an order that nobody holds. `undefined`: somebody was quicker. */
export async function holdOrder(deps: HoldDeps, found: ReplayOrder): Promise<Hold | undefined> {
  const holder = deps.newWriteId();
  let order = found;
  const isOurs = (read: ReplayOrder | undefined): read is ReplayOrder =>
    read !== undefined && !hasEnded(read) && read.holder === holder;

  const put = async (change: Partial<ReplayOrder>): Promise<boolean> => {
    const next = { ...order, ...change, touchedAt: deps.now().toISOString(), writeId: deps.newWriteId() };
    if (!(await deps.orders.save(order, next))) return false;
    order = next;
    return true;
  };
  const read = async (): Promise<boolean> => {
    const fresh = await deps.orders.get(order.workspaceId, order.id);
    if (!isOurs(fresh)) return false;
    order = fresh;
    return true;
  };
  const save: Hold['save'] = async (change) => {
    for (let tries = 0; tries < SAVE_TRIES_MAX; tries += 1) {
      if (await put(change)) return true;
      if (!(await read())) return false;
    }
    return false;
  };

  if (!(await put({ holder }))) return undefined;
  return {
    order: () => order,
    save,
    look: async () => {
      if (!(await read())) return 'lost';
      const isDue = deps.now().getTime() - Date.parse(order.touchedAt) >= TOUCH_MS;
      if (isDue && !(await save({}))) return 'lost';
      return order.cancelledAt === undefined ? 'ours' : 'cancelled';
    },
  };
}
