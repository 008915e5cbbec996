import type { SQSRecord } from 'aws-lambda';
import { decodeIntake } from '../../shared/aws/intake-codec.ts';
import { logError } from '../../shared/aws/log.ts';
import { CLOCK_SKEW_MS } from '../../shared/config/limits.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import { membersOf } from '../../shared/domain/bitmap.ts';
import { deviceOf } from '../../shared/domain/device-of.ts';
import type { IntakeMessage } from '../../shared/domain/intake-message.ts';
import type { PlanRow } from '../../shared/domain/ledger-rows.ts';
import { dedupKeyOf, laneOf, type Source, schemaOf, type WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { leftToSend, readPlan } from '../../shared/pipeline/obey-plan.ts';
import { packArchive } from '../../shared/pipeline/pack.ts';
import { partsOf, type SizedPart } from '../../shared/pipeline/parts.ts';
import { type IntakeReading, readIntake } from '../../shared/pipeline/read-intake.ts';
import { sendToLanes } from '../../shared/pipeline/send-to-lanes.ts';
import { touchOfPlan } from '../../shared/pipeline/touch-of.ts';
import type { ClaimStore } from '../../shared/ports/claim-store.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { DeadLetterStore } from '../../shared/ports/delivery-stores.ts';
import type { Touches } from '../../shared/ports/digest-store.ts';
import type { PlanStore } from '../../shared/ports/ledger.ts';
import type { ArchiveQueue, LaneQueues } from '../../shared/ports/queues.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import { putAway } from '../../shared/sqs/put-away.ts';
import type { DebugSampler } from './debug-sampler.ts';
import { type HandBacks, heldMs, namesOf } from './hand-backs.ts';
import type { HookSampler } from './hook-sampler.ts';
import { type Catalog, planIntake, type Target, targetsOf } from './plan-intake.ts';

export type StageDeps = {
  configs: ConfigReader;
  claims: ClaimStore;
  plans: PlanStore;
  touches: Touches;
  deadLetters: Pick<DeadLetterStore, 'putUnreadable'>;
  lanes: LaneQueues;
  archive: ArchiveQueue;
  catalog: Catalog;
  hookSampler: HookSampler;
  debugSampler: DebugSampler;
  now: () => Date;
  newWriteId: () => string;
};

/** Planning is not begun with less time than this: a plan that is put and not carried out waits PLAN_HOLD_MS. */
export const LAST_PLAN_BEFORE_DEADLINE_MS = 10_000;

/** A record of the intake queue, and its plan where one was found. */
export type ToRoute = { record: SQSRecord; row: PlanRow | undefined };
type Opened = ToRoute & { message: IntakeMessage };
type Read = Opened & { config: WorkspaceConfig | undefined; reading: IntakeReading };
type Planned = Read & { row: PlanRow; isOurs: boolean };
type ToSend = Planned & { parts: SizedPart[] };

/**
 * Routes intake messages. Of each: claim, put the plan, send its parts and its archive copy; only when every entry of every send was taken
 * is the message done, otherwise it is handed back. Stages run over all of them, so that claims and sends share calls; a message that
 * fails in one stage leaves the others alone.
 */
export async function routeTogether(
  deps: StageDeps,
  items: readonly ToRoute[],
  context: BatchContext,
  back: HandBacks,
): Promise<void> {
  const opened = (await inStages(items, (item) => openOne(deps, item), back)).filter((item) => item !== undefined);
  const read = await inStages(opened, (item) => readOne(deps, item), back);
  if (context.remainingMs() < LAST_PLAN_BEFORE_DEADLINE_MS) {
    for (const { record } of read) back.later(record);
    return;
  }
  const sampled = deps.hookSampler.keep(read.map(({ message }) => message));
  const touched = await inStages(read, touchTogether(deps, read), back);
  const planned = await inStages(touched, (item) => planOne(deps, item), back);
  const toSend = await inStages(planned, (item) => partsToSend(deps, item, back), back);
  const sending = sendAll(
    deps,
    toSend.filter((item) => item !== undefined),
  );
  // Sends are on their way by now: the debugger holds up nobody.
  const shown = deps.debugSampler.keep(
    planned
      .filter(({ isOurs }) => isOurs)
      .map(({ message, reading, row, config }) => ({ message, reading, row, suppressed: config?.suppressed })),
  );
  for (const { record, row } of await sending) back.held(record, row);
  await Promise.all([sampled, shown]);
}

/** Runs one stage for all items at once, in one tick; those that fail are handed back and left out. */
export async function inStages<T extends { record: SQSRecord }, U>(
  items: readonly T[],
  stage: (item: T) => Promise<U>,
  back: HandBacks,
): Promise<U[]> {
  const settled = await Promise.allSettled(items.map(stage));
  return settled.flatMap((result, index) => {
    if (result.status === 'fulfilled') return [result.value];
    const item = items[index];
    if (item !== undefined) back.failed(item.record, 'An intake message was not routed and comes again', result.reason);
    return [];
  });
}

/** Requests go on. Notices of refusals are filed here and are done, and what nobody will ever be able to read is put away at once. */
async function openOne(deps: StageDeps, item: ToRoute): Promise<Opened | undefined> {
  try {
    const found = decodeIntake(item.record.body);
    if (found.entry === 'request') return { ...item, message: found.message };
    await deps.plans.putRefusals(found.notice);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'malformed-message')) throw error;
    logError('An intake message is malformed and is put away', error, namesOf(item.record));
    await putAway(deps, item.record, 'malformed');
  }
  return undefined;
}

/** ingest knew the source: where memory does not, it may be newer than what we have read, and is looked for before it counts as deleted. */
async function readOne(deps: StageDeps, item: Opened): Promise<Read> {
  const { message } = item;
  let config = await deps.configs.workspaceConfig(message.workspaceId);
  if (sourceIn(config, message) === undefined) {
    config = await deps.configs.workspaceConfig(message.workspaceId, Date.parse(message.receivedAt) + CLOCK_SKEW_MS);
  }
  return {
    ...item,
    config,
    reading: readIntake(message, sourceIn(config, message), schemaOf(config, message.sourceId)),
  };
}

const sourceIn = (config: WorkspaceConfig | undefined, { sourceId }: IntakeMessage): Source | undefined =>
  config?.sources.find(({ id }) => id === sourceId);

/**
 * Says of all that are about to be planned whose rows they will be, in one write where any is needed: no plan row without a touch, else nobody would
 * sum it up. Where that fails, none of them is planned. Where all have plans nothing is said: nobody would wait for it.
 */
function touchTogether(deps: StageDeps, read: readonly Read[]): (item: Read) => Promise<Read> {
  const toPlan = read.filter(({ row }) => row === undefined);
  if (toPlan.length === 0) return async (item) => item;
  const stored = deps.touches.touch(toPlan.map(({ message }) => touchOfPlan(message)));
  return async (item) => {
    if (item.row === undefined) await stored;
    return item;
  };
}

/** Decides, and puts the plan; where one is there, that one holds. */
async function planOne(deps: StageDeps, item: Read): Promise<Planned> {
  const { message, reading } = item;
  if (item.row !== undefined) return { ...item, row: item.row, isOurs: false };
  const duplicates = await claimAll(deps, reading);
  const row: PlanRow = {
    v: 1,
    intakeId: message.intakeId,
    workspaceId: message.workspaceId,
    sourceId: message.sourceId,
    receivedAt: message.receivedAt,
    ...(message.key !== undefined && { key: message.key }),
    plannedAt: deps.now().toISOString(),
    configVersion: item.config?.configVersion ?? 0,
    writeId: deps.newWriteId(),
    ...planIntake(reading, duplicates, targets(deps, item), {
      schema: schemaOf(item.config, message.sourceId),
      suppressed: item.config?.suppressed,
    }),
  };
  const put = await deps.plans.putPlan(row);
  return put.outcome === 'saved' ? { ...item, row, isOurs: true } : { ...item, row: put.row, isOurs: false };
}

/** A source that is gone has no window, and nothing of its events goes anywhere: no claims. */
async function claimAll(deps: StageDeps, { message, source, events }: IntakeReading): Promise<ReadonlySet<string>> {
  if (source === undefined || events.length === 0) return new Set();
  const byDevice = dedupKeyOf(source) === 'device';
  return await deps.claims.claim({
    sourceId: message.sourceId,
    intakeId: message.intakeId,
    receivedAt: message.receivedAt,
    dedupHours: source.dedupHours,
    events: events.map(({ event }) => ({ messageId: event.messageId, ...(byDevice && { device: deviceOf(event) }) })),
  });
}

/** Targets by configuration as it was read: the reader answers the same object while nothing changed. */
const targetsByConfig = new WeakMap<WorkspaceConfig, Map<string, Target[]>>();

/** Of a source that is gone, too: what is blocked there counts once for each destination that was connected and enabled. */
function targets(deps: StageDeps, { config, message }: Read): readonly Target[] {
  if (config === undefined) return [];
  const bySource = targetsByConfig.get(config) ?? new Map<string, Target[]>();
  targetsByConfig.set(config, bySource);
  const found = bySource.get(message.sourceId) ?? targetsOf(config, message.sourceId, deps.catalog);
  bySource.set(message.sourceId, found);
  return found;
}

/** Our own plan is sent whole. Another's is left alone while its maker may be at work on it, and obeyed after that (design 2). */
async function partsToSend(deps: StageDeps, item: Planned, back: HandBacks): Promise<ToSend | undefined> {
  const { row, reading, record } = item;
  if (item.isOurs) return { ...item, parts: row.destinations.flatMap((planned) => partsOf(reading, planned)) };
  if (heldMs(deps.now(), row) > 0) {
    back.held(record, row);
    return undefined;
  }
  const { events, parts } = readPlan(item.message, reading.source, row, schemaOf(item.config, row.sourceId));
  return { ...item, reading: { ...reading, events }, parts: await leftToSend(deps.plans, parts) };
}

/** Sends to lanes and archive. Answers the messages of which not everything was taken. */
async function sendAll(deps: StageDeps, items: readonly ToSend[]): Promise<ToSend[]> {
  const parts = items.flatMap((item) => item.parts.map((sized) => ({ ...sized, item })));
  const [refused, unarchived] = await Promise.all([sendLanes(deps, parts), sendArchive(deps, items)]);
  return items.filter((item) => refused.has(item) || unarchived.has(item));
}

type PartOfItem = SizedPart & { item: ToSend };

/** Parts go to the lane that their destination holds now, whatever it held when they were planned. */
async function sendLanes(deps: StageDeps, parts: readonly PartOfItem[]): Promise<ReadonlySet<ToSend>> {
  const withLanes = parts.map((sized) => ({ ...sized, lane: laneOf(sized.item.config, sized.destinationId) }));
  const refused = await sendToLanes(deps.lanes, withLanes);
  return new Set(refused.map(({ item }) => item));
}

async function sendArchive(deps: StageDeps, items: readonly ToSend[]): Promise<ReadonlySet<ToSend>> {
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
