import type { SQSRecord } from 'aws-lambda';
import { decodeIntake } from '../../shared/aws/intake-codec.ts';
import { logError } from '../../shared/aws/log.ts';
import { CLOCK_SKEW_MS, PLAN_HOLD_MS } from '../../shared/config/limits.ts';
import { membersOf } from '../../shared/domain/bitmap.ts';
import type { IntakeMessage } from '../../shared/domain/intake-message.ts';
import type { PlanRow } from '../../shared/domain/ledger-rows.ts';
import type { Source, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { ClaimStore } from '../../shared/ports/claim-store.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { PlanStore } from '../../shared/ports/ledger.ts';
import type { ArchiveQueue, LaneQueues } from '../../shared/ports/queues.ts';
import { laneOf } from '../../shared/domain/workspace.ts';
import { sendToLanes } from '../../shared/pipeline/send-to-lanes.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import { obeyPlan } from '../../shared/pipeline/obey-plan.ts';
import { packArchive } from '../../shared/pipeline/pack.ts';
import { partsOf, type SizedPart } from '../../shared/pipeline/parts.ts';
import { type Catalog, planIntake, type Target, targetsOf } from './plan-intake.ts';
import { type IntakeReading, readIntake, readPlanned } from '../../shared/pipeline/read-intake.ts';

export type RouteDeps = {
  configs: ConfigReader;
  claims: ClaimStore;
  plans: PlanStore;
  lanes: LaneQueues;
  archive: ArchiveQueue;
  catalog: Catalog;
  /** Keeps a received message away for so many seconds from now. */
  holdBack: (receiptHandle: string, seconds: number) => Promise<void>;
  now: () => Date;
  newWriteId: () => string;
};

/** Planning is not begun with less time than this: a plan that is put and not carried out waits PLAN_HOLD_MS. */
const LAST_PLAN_BEFORE_DEADLINE_MS = 10_000;

type Opened = { record: SQSRecord; message: IntakeMessage };
type Read = Opened & { config: WorkspaceConfig | undefined; reading: IntakeReading };
type Planned = Read & { row: PlanRow; isOurs: boolean };
type ToSend = Planned & { parts: SizedPart[] };

/**
 * The queue face of route. Of each intake message: claim, put the plan, send its parts and its archive copy; only when every entry of every
 * send was taken is the message done. Stages run over all messages of the invocation, so that claims and sends share calls; a message
 * that fails in one stage leaves the others alone. Answers the messageIds that must come again.
 */
export const routeBatch =
  (deps: RouteDeps) =>
  async (records: readonly SQSRecord[], context: BatchContext): Promise<readonly string[]> => {
    const handedBack: string[] = [];
    const fail = (record: SQSRecord, why: string, error: unknown): void => {
      logError(why, error, { sqsMessageId: record.messageId });
      handedBack.push(record.messageId);
    };

    const opened = await openAll(deps, records, fail);
    const read = await eachOf(opened, (item) => readOne(deps, item), fail);
    if (context.remainingMs() < LAST_PLAN_BEFORE_DEADLINE_MS) {
      return [...handedBack, ...read.map(({ record }) => record.messageId)];
    }
    const planned = await eachOf(read, (item) => planOne(deps, item), fail);
    const toSend: ToSend[] = [];
    for (const item of await eachOf(planned, (each) => partsToSend(deps, each), fail)) {
      if ('parts' in item) toSend.push(item);
      else handedBack.push(item.record.messageId);
    }
    const incomplete = await sendAll(deps, toSend);
    for (const { record, row } of incomplete) {
      handedBack.push(record.messageId);
      await holdBackUntilObeyed(deps, record, row);
    }
    return handedBack;
  };

type Fail = (record: SQSRecord, why: string, error: unknown) => void;

/** Runs one stage for all items at once, in one tick; those that fail are reported and left out. */
async function eachOf<T extends { record: SQSRecord }, U>(
  items: readonly T[],
  stage: (item: T) => Promise<U>,
  fail: Fail,
): Promise<U[]> {
  const settled = await Promise.allSettled(items.map(stage));
  return settled.flatMap((result, index) => {
    if (result.status === 'fulfilled') return [result.value];
    const item = items[index];
    if (item !== undefined) fail(item.record, 'An intake message was not routed and comes again', result.reason);
    return [];
  });
}

/** Notices of refusals are filed here and are done; requests go on. */
async function openAll(deps: RouteDeps, records: readonly SQSRecord[], fail: Fail): Promise<Opened[]> {
  const open = async (record: SQSRecord): Promise<Opened | undefined> => {
    const found = decodeIntake(record.body);
    if (found.entry === 'request') return { record, message: found.message };
    await deps.plans.putRefusals(found.notice);
    return undefined;
  };
  const opened = await eachOf(
    records.map((record) => ({ record })),
    ({ record }) => open(record),
    fail,
  );
  return opened.filter((item) => item !== undefined);
}

/** ingest knew the source: where memory does not, it may be newer than what we have read, and is looked for before it counts as deleted. */
async function readOne(deps: RouteDeps, item: Opened): Promise<Read> {
  const { message } = item;
  let config = await deps.configs.workspaceConfig(message.workspaceId);
  if (sourceIn(config, message) === undefined) {
    config = await deps.configs.workspaceConfig(message.workspaceId, Date.parse(message.receivedAt) + CLOCK_SKEW_MS);
  }
  return { ...item, config, reading: readIntake(message, sourceIn(config, message)) };
}

const sourceIn = (config: WorkspaceConfig | undefined, { sourceId }: IntakeMessage): Source | undefined =>
  config?.sources.find(({ id }) => id === sourceId);

/** Decides, and puts the plan; where one is there, that one holds. A first delivery has none, so it is only looked up on later ones. */
async function planOne(deps: RouteDeps, item: Read): Promise<Planned> {
  const { message, reading, record } = item;
  if (Number(record.attributes.ApproximateReceiveCount) > 1) {
    const row = await deps.plans.getPlan(message);
    if (row !== undefined) return { ...item, row, isOurs: false };
  }
  const duplicates = await claimAll(deps, reading);
  const row: PlanRow = {
    v: 1,
    intakeId: message.intakeId,
    workspaceId: message.workspaceId,
    sourceId: message.sourceId,
    receivedAt: message.receivedAt,
    plannedAt: deps.now().toISOString(),
    configVersion: item.config?.configVersion ?? 0,
    writeId: deps.newWriteId(),
    ...planIntake(reading, duplicates, targets(deps, item)),
  };
  const put = await deps.plans.putPlan(row);
  return put.outcome === 'saved' ? { ...item, row, isOurs: true } : { ...item, row: put.row, isOurs: false };
}

/** A source that is gone has no window, and nothing of its events goes anywhere: no claims. */
async function claimAll(deps: RouteDeps, { message, source, events }: IntakeReading): Promise<ReadonlySet<string>> {
  if (source === undefined || events.length === 0) return new Set();
  return await deps.claims.claim({
    sourceId: message.sourceId,
    intakeId: message.intakeId,
    receivedAt: message.receivedAt,
    dedupHours: source.dedupHours,
    messageIds: events.map(({ event }) => event.messageId),
  });
}

/** Targets by configuration as it was read: the reader answers the same object while nothing changed. */
const targetsByConfig = new WeakMap<WorkspaceConfig, Map<string, Target[]>>();

function targets(deps: RouteDeps, { config, message, reading }: Read): readonly Target[] {
  if (config === undefined || reading.source === undefined) return [];
  const bySource = targetsByConfig.get(config) ?? new Map<string, Target[]>();
  targetsByConfig.set(config, bySource);
  const found = bySource.get(message.sourceId) ?? targetsOf(config, message.sourceId, deps.catalog);
  bySource.set(message.sourceId, found);
  return found;
}

/** Our own plan is sent whole. Another's is left alone while its maker may be at work on it, and obeyed after that (design 2). */
async function partsToSend(deps: RouteDeps, item: Planned): Promise<ToSend | Planned> {
  const { row, reading } = item;
  if (item.isOurs) return { ...item, parts: row.destinations.flatMap((planned) => partsOf(reading, planned)) };
  if (heldMs(deps, row) > 0) {
    await holdBackUntilObeyed(deps, item.record, row);
    return item;
  }
  const events = readPlanned(item.message, reading.source, membersOf(row.routedBitmap));
  const planned = { ...reading, events };
  return { ...item, reading: planned, parts: await obeyPlan(deps.plans, row, planned) };
}

/** How long others stay away from a plan yet. A clock that runs behind must not keep a message away for longer than the hold. */
const heldMs = (deps: RouteDeps, row: PlanRow): number =>
  Math.min(Date.parse(row.plannedAt) + PLAN_HOLD_MS - deps.now().getTime(), PLAN_HOLD_MS);

/**
 * Makes a message come when its plan may be obeyed, which is sooner than the queue's visibility timeout. Where that is now, the timeout
 * stays: what could not be sent just now is not tried again at once. Best effort.
 */
async function holdBackUntilObeyed(deps: RouteDeps, record: SQSRecord, row: PlanRow): Promise<void> {
  const waitMs = heldMs(deps, row);
  if (waitMs <= 0) return;
  await deps.holdBack(record.receiptHandle, Math.ceil(waitMs / 1_000)).catch((error: unknown) => {
    logError('A message keeps its visibility timeout', error, { sqsMessageId: record.messageId });
  });
}

/** Sends to lanes and archive. Answers the messages of which not everything was taken. */
async function sendAll(deps: RouteDeps, items: readonly ToSend[]): Promise<ToSend[]> {
  const parts = items.flatMap((item) => item.parts.map((sized) => ({ ...sized, item })));
  const [refused, unarchived] = await Promise.all([sendLanes(deps, parts), sendArchive(deps, items)]);
  return items.filter((item) => refused.has(item) || unarchived.has(item));
}

type PartOfItem = SizedPart & { item: ToSend };

/** Parts go to the lane that their destination holds now, whatever it held when they were planned. */
async function sendLanes(deps: RouteDeps, parts: readonly PartOfItem[]): Promise<ReadonlySet<ToSend>> {
  const withLanes = parts.map((sized) => ({ ...sized, lane: laneOf(sized.item.config, sized.destinationId) }));
  const refused = await sendToLanes(deps.lanes, withLanes);
  return new Set(refused.map(({ item }) => item));
}

async function sendArchive(deps: RouteDeps, items: readonly ToSend[]): Promise<ReadonlySet<ToSend>> {
  const messages = items.flatMap(({ reading, row }) => {
    const routed = new Set(membersOf(row.routedBitmap));
    return packArchive(
      reading.message,
      reading.events.filter(({ index }) => routed.has(index)),
    );
  });
  if (messages.length === 0) return new Set();
  try {
    await deps.archive.send(messages);
    return new Set();
  } catch (error) {
    logError('The archive queue did not take everything; its messages come again', error);
    const unarchived = new Set(messages.map(({ intakeId }) => intakeId));
    return new Set(items.filter(({ row }) => unarchived.has(row.intakeId)));
  }
}
