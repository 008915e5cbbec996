import { inParallel } from '../../../shared/aws/in-parallel.ts';
import { logError } from '../../../shared/aws/log.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { isoOf, parseTime } from '../../../shared/domain/event-times.ts';
import { parseFql } from '../../../shared/domain/fql/parse-fql.ts';
import { AuditId, ReplayId } from '../../../shared/domain/ids.ts';
import {
  hasEnded,
  orderEntry,
  orderIdAt,
  REPLAY_FILTER_BYTES_MAX,
  REPLAY_RATE_DEFAULT,
  ReplayOrder,
  type ReplayOrderFilter,
} from '../../../shared/domain/replay-order.ts';
import { whyClosed } from '../../../shared/pipeline/replay-start.ts';
import type { ReplayOrderStore, ReplayRunner } from '../../../shared/ports/replay-orders.ts';
import { ApiFault, conflict, invalid } from '../http/api-fault.ts';
import { refused } from '../http/authorise.ts';
import { parsedAs } from '../http/read-input.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { makerOf, overQuota, SUCCESS } from '../resources/faults.ts';
import { destinationIn } from '../resources/find-things.ts';
import { type RunReader, showReplay } from '../resources/replay-views.ts';
import { targetOf } from '../resources/source-views.ts';

/** What replays are ordered and followed with. */
export type ReplayDesk = { orders: ReplayOrderStore; runs: RunReader; runner: ReplayRunner };

/** Of one page: each is an item of the ledger and the rows of its run. */
const PAGE_COUNT_MAX = 20;
/** Orders that one page of a list looks through for those that the caller may see. */
const LOOKED_THROUGH_MAX = 1_000;
/** Open orders of one workspace, of whatever destinations. */
const OPEN_PER_WORKSPACE_MAX = 20;
/** With so many open orders in the deployment, the runner is told of no more: they would take its concurrency from delivery. */
const TOLD_AT_ONCE_MAX = 10;
/** Counts of one destination at once. */
const COUNTS_AT_ONCE_MAX = 3;
/** Most counts are done by then, and are in the answer. */
const COUNT_WAIT_MS = 5_000;
const LOOK_AGAIN_MS = 250;
/** A cancellation meets what the runner saves. */
const CANCEL_TRIES_MAX = 10;
const YEAR_MS = 366 * 86_400_000;

const noReplay = (id: string): ApiFault =>
  new ApiFault(404, [{ type: 'not-found', message: `There is no replay ${id.slice(0, 128)}.` }]);

export const replaysHandlers: HandlersOf<'createReplay' | 'listReplays' | 'getReplay' | 'cancelReplay'> = {
  createReplay: async (request, { body }) => {
    const { destination } = destinationIn(await request.config(), body.destinationId);
    const why = whyClosed(destination);
    if (why !== undefined && !body.dryRun) {
      throw conflict(
        `The destination is ${why}, so it would only get everything into the dead-letter store again. ${why === 'paused' ? 'Resume it first.' : 'Enable it first.'}`,
      );
    }
    const { orders, runs, runner } = await request.deps.replays();
    const now = request.now();
    const order = parsedAs(ReplayOrder, {
      v: 1,
      id: orderIdAt(now.getTime(), request.newId('rp').slice('rp_'.length)),
      workspaceId: request.workspaceId,
      destinationId: destination.id,
      sourceId: destination.sourceId,
      filter: readFilter(body.filter),
      rate: body.rate ?? REPLAY_RATE_DEFAULT,
      dryRun: body.dryRun,
      createdAt: now.toISOString(),
      createdBy: makerOf(request).slice(0, 320),
      state: 'counting',
      touchedAt: now.toISOString(),
      errors: 0,
      writeId: request.newId('write'),
    } satisfies Record<string, unknown>);
    const all = await orders.listOpen();
    if (all.filter(({ workspaceId }) => workspaceId === request.workspaceId).length >= OPEN_PER_WORKSPACE_MAX) {
      throw overQuota(
        'replays',
        OPEN_PER_WORKSPACE_MAX,
        'So many replays and counts are open at a time: wait for some.',
      );
    }
    const open = all.filter(({ destinationId }) => destinationId === destination.id);
    if (order.dryRun && open.filter(({ dryRun }) => dryRun).length >= COUNTS_AT_ONCE_MAX) {
      throw overQuota(
        'replay-counts',
        COUNTS_AT_ONCE_MAX,
        'Others are being counted for this destination: wait for them.',
      );
    }
    const other = open.find(({ dryRun }) => !dryRun);
    if (!order.dryRun && other !== undefined) throw busy(other.id);
    if ((await orders.start(order, entryOf(request, order, 'Replay Started'))) === 'busy') throw busy(undefined);
    // Each that is told of takes an environment of the account at once; the others wait for the look of every minute.
    if (all.length < TOLD_AT_ONCE_MAX) await tell(runner, order);
    const sight = { runs, orders, piiAccess: request.caller.piiAccess };
    return { replay: await showReplay(await counted(request, orders, order), sight) };
  },

  listReplays: async (request, { query }) => {
    const { cursor, count = PAGE_COUNT_MAX } = query.pagination ?? {};
    const { orders, runs } = await request.deps.replays();
    const limit = Math.min(count, PAGE_COUNT_MAX);
    let before = await request.pages.position('replays', cursor);
    const found: ReplayOrder[] = [];
    const maySee = await seer(request);
    const sight = { runs, orders, piiAccess: request.caller.piiAccess };
    let hasMore = true;
    for (let looked = 0; looked < LOOKED_THROUGH_MAX && found.length < limit && hasMore; ) {
      const page = await orders.list(request.workspaceId, { before, limit: PAGE_COUNT_MAX });
      hasMore = page.length === PAGE_COUNT_MAX;
      looked += page.length;
      for (const order of page) {
        if (found.length === limit) {
          hasMore = true;
          break;
        }
        before = order.id;
        if (maySee(order)) found.push(order);
      }
    }
    return {
      // In turn: the rows of twenty runs do not fit into memory at once.
      replays: await inParallel(found, 1, (order) => showReplay(order, sight)),
      pagination: {
        current: cursor ?? request.pages.first,
        ...(hasMore && before !== undefined && { next: await request.pages.cursor('replays', before) }),
      },
    };
  },

  getReplay: async (request, { path }) => {
    const { orders, runs } = await request.deps.replays();
    const sight = { runs, orders, piiAccess: request.caller.piiAccess };
    return { replay: await showReplay(await findOrder(request, orders, path['replayId']), sight) };
  },

  cancelReplay: async (request, { path }) => {
    const { orders, runner } = await request.deps.replays();
    for (let tries = 0; tries < CANCEL_TRIES_MAX; tries += 1) {
      const order = await findOrder(request, orders, path['replayId']);
      await refuseChange(request, order);
      if (hasEnded(order)) {
        throw conflict(
          `It has ended already, ${order.state === 'finished' ? 'and all of it was queued' : order.state}.`,
        );
      }
      if (order.cancelledAt !== undefined) return SUCCESS;
      const cancelled = { ...order, cancelledAt: request.now().toISOString(), writeId: request.newId('write') };
      if (!(await orders.save(order, cancelled, entryOf(request, order, 'Replay Cancelled')))) continue;
      await tell(runner, order);
      return SUCCESS;
    }
    throw conflict('It is being changed at this moment: try again.');
  },
};

const busy = (replayId: string | undefined): ApiFault =>
  conflict(
    'A replay runs for this destination. Wait for its end, or cancel it; a count can be made meanwhile.',
    replayId === undefined ? undefined : { replayId },
  );

type FilterInput = Omit<ReplayOrderFilter, 'from' | 'to'> & { from: string; to: string };

/** Throws ApiFault 422 that names what is at fault. */
function readFilter(filter: FilterInput): ReplayOrderFilter {
  const from = timeAt(filter.from, 'filter.from');
  const to = timeAt(filter.to, 'filter.to');
  if (from >= to) throw invalid({ field: 'filter.to', message: 'It must be after `from`.' });
  if (to - from > YEAR_MS) throw invalid({ field: 'filter.from', message: 'One replay takes a year at most.' });
  if (filter.of === 'ARCHIVE' && filter.codes !== undefined) {
    throw invalid({
      field: 'filter.codes',
      message: 'Archived events have no code: it is dead letters that have one.',
    });
  }
  if (Buffer.byteLength(JSON.stringify(filter)) > REPLAY_FILTER_BYTES_MAX) {
    throw invalid({ field: 'filter', message: `It has ${REPLAY_FILTER_BYTES_MAX} bytes at most: name less.` });
  }
  if (filter.if !== undefined) {
    const parsed = parseFql(filter.if);
    if (parsed.outcome === 'invalid') {
      const { message, at } = parsed.fault;
      throw invalid({ field: 'filter.if', message: `${message} (at character ${at + 1})`, data: { at } });
    }
  }
  return { ...filter, from: isoOf(from), to: isoOf(to) };
}

function timeAt(text: string, field: string): number {
  const ms = parseTime(text);
  if (ms === undefined) throw invalid({ field, message: 'It must be a time such as 2026-11-24T10:00:00Z.' });
  return ms;
}

/** An order is saved by then: the runner finds it within a minute where this fails. */
async function tell(runner: ReplayRunner, { workspaceId, id }: ReplayOrder): Promise<void> {
  try {
    await runner.tell({ workspaceId, id });
  } catch (error) {
    logError('The runner was not told of a replay; it looks for itself', error, { replayId: id });
  }
}

/** The order as it is when it was counted, or after COUNT_WAIT_MS. */
async function counted(
  { deps, now }: ApiRequest,
  orders: Pick<ReplayOrderStore, 'get'>,
  started: ReplayOrder,
): Promise<ReplayOrder> {
  let order = started;
  const untilMs = now().getTime() + COUNT_WAIT_MS;
  for (let looks = 0; looks < COUNT_WAIT_MS / LOOK_AGAIN_MS && now().getTime() < untilMs; looks += 1) {
    order = (await orders.get(started.workspaceId, started.id)) ?? order;
    if (order.state !== 'counting') break;
    await deps.wait(LOOK_AGAIN_MS);
  }
  return order;
}

function entryOf(request: ApiRequest, order: ReplayOrder, event: 'Replay Started' | 'Replay Cancelled'): AuditEntry {
  const { actor, requestId, ip } = request.author;
  return {
    id: AuditId.parse(request.newId('aud')),
    actor,
    ...orderEntry(order, event, request.now().toISOString()),
    ...(requestId !== undefined && { requestId }),
    ...(ip !== undefined && { ip }),
  };
}

/** Whether the caller may see an order: who sees its destination, or, where the source is gone, who sees all. */
async function seer(request: ApiRequest): Promise<(order: ReplayOrder) => boolean> {
  const { sources } = await request.config();
  const targets = new Map(sources.map((source) => [source.id, targetOf(source)]));
  return ({ sourceId }) => request.may('destination.read', targets.get(sourceId) ?? { kind: 'workspace' });
}

async function findOrder(request: ApiRequest, orders: Pick<ReplayOrderStore, 'get'>, text = ''): Promise<ReplayOrder> {
  const id = ReplayId.safeParse(text);
  const order = id.success ? await orders.get(request.workspaceId, id.data) : undefined;
  if (order === undefined || !(await seer(request))(order)) throw noReplay(text);
  return order;
}

/** Throws where the caller sees the order and may not change its destination. */
async function refuseChange(request: ApiRequest, { sourceId }: ReplayOrder): Promise<void> {
  const { sources } = await request.config();
  const source = sources.find(({ id }) => id === sourceId);
  if (request.may('destination.edit', source === undefined ? { kind: 'workspace' } : targetOf(source))) return;
  throw await refused(request, 'destination.edit');
}
