import { carryOut, type CarryDeps } from '../../functions/replay/carry-out.ts';
import { lookForOrders } from '../../functions/replay/look-for-orders.ts';
import { documentsReplayOrders } from '../../shared/aws/documents-replay-orders.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import { orderEntry, orderIdAt, ReplayOrder } from '../../shared/domain/replay-order.ts';
import { AuditId } from '../../shared/domain/ids.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { memoryDocuments } from './memory-documents.ts';
import { replayWorld } from './replay-world.ts';
import { aTarget, aWorkspaceConfig } from './workspace-config.ts';

/** The hour in which archived events of the tests came. */
export const ARCHIVED_AT = '2026-11-24T10:15:00.000Z';
export const archiveKey = (name: string, day = '2026-11-24', hour = '10'): string =>
  `source=src_1/day=${day}/hour=${hour}/${name}.ndjson.gz`;

const KIND = {
  supportedTypes: ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const,
  integrationNames: ['Webhooks (Actions)', 'Webhook'],
};

/** All that carrying out orders touches, in memory. A `crash` ends whoever works at its call, as a kill does: what was saved stays. */
export function ordersWorld(target: WorkspaceConfig['destinations'][number] = aTarget('hook')) {
  const world = replayWorld(target);
  const documents = memoryDocuments();
  const orders = documentsReplayOrders(documents, 'control');
  const archived = new Map<string, JsonObject[]>();
  const state = {
    config: aWorkspaceConfig([target]) as WorkspaceConfig | undefined,
    callsLeft: Number.POSITIVE_INFINITY,
  };
  let runs = 0;
  let made = 0;

  /** After so many calls of stores and queues nothing answers any more. */
  const mortal = <T extends object>(port: T): T =>
    Object.fromEntries(
      Object.entries(port).map(([name, call]: [string, unknown]) => [
        name,
        typeof call !== 'function'
          ? call
          : (...args: unknown[]): unknown => {
              if (state.callsLeft <= 0) throw new Killed();
              state.callsLeft -= 1;
              return Reflect.apply(call, undefined, args);
            },
      ]),
    ) as T;

  const deps: CarryDeps & { orders: typeof orders } = {
    ...world.deps,
    orders: mortal(orders),
    replays: mortal(world.deps.replays),
    manifests: mortal(world.deps.manifests),
    dones: mortal(world.deps.dones),
    lanes: mortal(world.deps.lanes),
    configs: { workspaceConfig: async () => state.config },
    archive: {
      objects: async function* (_id, { from, to }) {
        for (const key of [...archived.keys()].toSorted()) {
          const [, day = '', hour = ''] = /day=([\d-]+)\/hour=(\d\d)/.exec(key) ?? [];
          if (`${day}T${hour}` >= from && `${day}T${hour}` <= to) yield key;
        }
      },
      events: async function* (key) {
        yield* archived.get(key) ?? [];
      },
    },
    catalog: () => KIND,
    newRunId: () => {
      runs += 1;
      return ReplayOrder.shape.id.parse(`rp_${String(runs).padStart(22, 'r')}`);
    },
  };
  const long = { remainingMs: () => 280_000 };
  return {
    ...world,
    documents,
    orders,
    archived,
    state,
    deps,
    /** Saves an order for the world's destination, as the API does. */
    order: async (over: Record<string, unknown> = {}): Promise<ReplayOrder> => {
      made += 1;
      const at = world.deps.now().toISOString();
      const order = ReplayOrder.parse({
        v: 1,
        id: orderIdAt(Date.parse(at) + made, `${made}`),
        workspaceId: 'ws_1',
        destinationId: target.destination.id,
        sourceId: 'src_1',
        filter: { of: 'DEAD_LETTERS', from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' },
        rate: 5_000,
        dryRun: false,
        createdAt: at,
        createdBy: 'ada@shop.test',
        state: 'counting',
        touchedAt: at,
        errors: 0,
        writeId: `order${made}`,
        ...over,
      });
      const entry = { id: AuditId.parse(`aud_${made}`), actor: { type: 'user' as const, id: 'usr_1' } };
      const started = await orders.start(order, { ...entry, ...orderEntry(order, 'Replay Started', at) });
      if (started !== 'saved') throw new Error('busy');
      return order;
    },
    read: async ({ workspaceId, id }: ReplayOrder) => await orders.get(workspaceId, id),
    /** One invocation that was told of the order. */
    carry: (order: ReplayOrder, context = long) => carryOut(deps, order, context),
    /** One invocation by the clock. */
    look: (context = long) => lookForOrders(deps, context),
    advance: (ms: number) => world.deps.wait(ms),
    /** One invocation that is killed at that call of a store or a queue. */
    killedAt: async (order: ReplayOrder, call: number): Promise<boolean> => {
      state.callsLeft = call;
      let isKilled = false;
      try {
        await carryOut(deps, order, long);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        isKilled = true;
      }
      isKilled ||= state.callsLeft <= 0;
      state.callsLeft = Number.POSITIVE_INFINITY;
      return isKilled;
    },
  };
}

class Killed extends Error {}
