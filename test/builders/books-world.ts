import { AsyncLocalStorage } from 'node:async_hooks';
import type { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { aggregateUsage } from '../../functions/aggregate-usage/aggregate-usage.ts';
import { lateMarks } from '../../shared/aws/late-marks.ts';
import { bookShelf } from '../../shared/books/book.ts';
import { readBooks, sidesOf, type WorkspaceBooks } from '../../shared/books/read-books.ts';
import { detailReader } from '../../shared/books/detail-reader.ts';
import { LEDGER_ROW_DAYS } from '../../shared/config/limits.ts';
import { inFlightOf } from '../../shared/domain/balance.ts';
import { noDestinationTotals, noSourceTotals, sumDones, sumPlans, total } from '../../shared/domain/books.ts';
import { DestinationSum } from '../../shared/domain/destination-sum.ts';
import type { DoneRow, PlanRow } from '../../shared/domain/ledger-rows.ts';
import { SourceSum } from '../../shared/domain/source-sum.ts';
import { dayOf, hourOf, hourPlus } from '../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { DetailStores } from '../../shared/ports/detail-store.ts';
import type { RollupStore } from '../../shared/ports/rollup-store.ts';
import { randomFrom } from '../sim/random.ts';
import { fakeDetailStores } from './detail-stores.ts';
import { sendsIn } from './detail-totals.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from './ledger-rows.ts';
import { fakeRollupStore } from './rollup-store.ts';
import { aDestination, aSource } from './workspace-things.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Late rows come up to so long after their hour: what a queue keeps; in most worlds less, for the sake of time. */
const LATE_MS_MAX = 13.9 * DAY_MS;
const SHORT_LATE_MS_MAX = 2.5 * DAY_MS;
/** Lambda's longest timeout; and how long a read of the books takes at most. */
const RUN_MS_MAX = 900 * SECOND_MS;
const READ_MS_MAX = 30 * SECOND_MS;
/** From a mark to the row that it was put for: what is left of an invocation. */
const MARK_TO_ROW_MS_MAX = 30 * SECOND_MS;
const START_MS = Date.parse('2026-11-24T22:40:00.000Z');

/** A run or a read under way. One that was killed makes no further call; a slow one waits long for some of its answers. */
type Task = { endMs: number; isSlow: boolean; isDead: boolean };
type Waiting = { task: Task | undefined; resolve: () => void; reject: (error: Error) => void };
type Faults = { rollups?: (store: RollupStore) => RollupStore; details?: (stores: DetailStores) => DetailStores };

/**
 * Writers, aggregators and readers of one source's and one destination's books, that take turns at every call by a seed: rows late and early,
 * runs that overlap, die, or are missed, several environments that mark. Answers what was wrong, in words.
 */
export async function runBooksWorld(seed: number, faults: Faults = {}): Promise<string[]> {
  const random = randomFrom(seed).next;
  const lateMsMax = seed % 20 === 0 ? LATE_MS_MAX : SHORT_LATE_MS_MAX;
  // Older than the oldest row that may come.
  const createdAt = new Date(START_MS - lateMsMax - HOUR_MS).toISOString();
  const source = aSource({ createdAt });
  const destination = aDestination({ createdAt });
  const config: WorkspaceConfig = {
    workspaceId: source.workspaceId,
    configVersion: 1,
    sources: [source],
    destinations: [{ destination, mappings: [] }],
  };
  const pick = (n: number): number => Math.floor(random() * n);
  const wrong: string[] = [];
  const plans: PlanRow[] = [];
  const dones: DoneRow[] = [];
  let nowMs = START_MS;
  let number = 0;
  let turns: 'by the seed' | 'at once' = 'at once';
  const waiting: Waiting[] = [];
  const underWay = new AsyncLocalStorage<Task>();
  const now = () => new Date(nowMs);

  const step = async (): Promise<void> => {
    const task = underWay.getStore();
    if (task?.isDead === true) throw new Error('dead');
    if (turns === 'at once') return;
    await new Promise<void>((resolve, reject) => waiting.push({ task, resolve, reject }));
  };
  const fake = fakeRollupStore(step);
  const rollups = faults.rollups?.(fake) ?? fake;
  const fakeDetails = fakeDetailStores(step);
  const details = faults.details?.(fakeDetails) ?? fakeDetails;
  const ledger = {
    plansOfHour: async (_: string, hour: string) => {
      await step();
      return plans.filter(({ receivedAt }) => hourOf(receivedAt) === hour);
    },
    donesOfHour: async (_: string, hour: string) => {
      await step();
      return dones.filter(({ dueAt }) => hourOf(dueAt) === hour);
    },
    unreadableOfHour: async () => [],
  };
  const shelf = bookShelf({ ledger, rollups, details });
  const detailed = detailReader({ ledger, rollups, details, now });

  const environments = Array.from({ length: 3 }, () => {
    const send = async ({ input: { Item } }: PutCommand): Promise<void> => {
      const [hour = '', kind] = String(Item?.['sk']).split('#');
      const subject = kind === 'S' ? { sourceId: source.id } : { destinationId: destination.id };
      const at = fake.late.findIndex(
        (mark) => mark.hour === hour && Object.keys(mark.subject)[0] === Object.keys(subject)[0],
      );
      if (at !== -1) fake.late.splice(at, 1);
      fake.late.push({ subject, hour, nonce: String(Item?.['nonce']), markedAt: String(Item?.['markedAt']) });
    };
    return lateMarks({ send } as unknown as DynamoDBDocumentClient, 'ledger', LEDGER_ROW_DAYS);
  });

  /** Rows that were marked, if need be, and are about to be put. */
  const toPut: { byMs: number; put: () => void }[] = [];
  const put = async (
    row: { subject: Parameters<(typeof environments)[0]>[0]['subject']; at: string },
    push: () => void,
  ) => {
    number += 1;
    const writtenAt = now().toISOString();
    await environments[pick(environments.length)]?.({ ...row, writtenAt, writeId: `w${number}` });
    toPut.push({ byMs: nowMs + MARK_TO_ROW_MS_MAX, put: push });
  };
  /** Sends that a hop is to settle. */
  const toSettle: { intakeId: string; hop: number; dueMs: number; sends: number }[] = [];

  // In time, late by hours, late by anything, and often late for the same hours, where runs meet.
  const latenesses = [
    () => pick(5 * SECOND_MS),
    () => pick(5 * SECOND_MS),
    () => pick(8 * HOUR_MS),
    () => pick(lateMsMax),
    () => nowMs - START_MS + 26 * HOUR_MS,
  ];
  const accept = async (): Promise<void> => {
    const lateMs = latenesses[pick(latenesses.length)]?.() ?? 0;
    const intakeId = intakeIdOf(number);
    const receivedAt = new Date(nowMs - lateMs).toISOString();
    const sends = 1 + pick(4);
    const row = aPlanRow({
      intakeId,
      receivedAt,
      plannedAt: now().toISOString(),
      received: sends + 1,
      duplicate: 1,
      routed: sends,
      types: { track: sends },
      ...(random() < 0.7 && { bytes: 100, kinds: [['track', `event ${pick(3)}`, '']] }),
      destinations: [
        {
          destinationId: destination.id,
          filtered: {},
          queued: sends,
          sends,
          mappings: ['map_1'],
          bitmap: '',
          cuts: [sends],
        },
      ],
    });
    await put({ subject: { sourceId: source.id }, at: receivedAt }, () => {
      plans.push(row);
      toSettle.push({ intakeId, hop: 0, dueMs: Date.parse(receivedAt), sends });
    });
  };
  const settle = async (): Promise<void> => {
    const index = pick(toSettle.length);
    const part = toSettle[index];
    if (part === undefined) return;
    const isEarly = part.dueMs > nowMs;
    // What is not due waits, unless it is given up before.
    if (isEarly && random() < 0.7) return;
    toSettle.splice(index, 1);
    const retry = isEarly || random() < 0.5 ? 0 : pick(part.sends + 1);
    const nextDueMs = nowMs + pick(random() < 0.5 ? 60 * SECOND_MS : 9 * HOUR_MS);
    const ended = part.sends - retry;
    const row = aDoneRow({
      intakeId: part.intakeId,
      hop: part.hop,
      dueAt: new Date(part.dueMs).toISOString(),
      settledAt: now().toISOString(),
      delivered: isEarly ? 0 : ended,
      deadLettered: isEarly ? { destination_disabled: ended } : {},
      retry,
      ...(retry === 0 && random() < 0.7 && { mappings: ['map_1'], kinds: [['track', `event ${pick(3)}`, '']] }),
    });
    await put({ subject: { destinationId: destination.id }, at: row.dueAt }, () => {
      dones.push(row);
      if (retry > 0) toSettle.push({ ...part, hop: part.hop + 1, dueMs: nextDueMs, sends: retry });
    });
  };

  const tasks = new Set<Promise<void>>();
  const begin = (msMax: number, work: () => Promise<void>): void => {
    const task = underWay.run({ endMs: nowMs + msMax, isSlow: random() < 0.3, isDead: false }, () =>
      work().catch(() => {}),
    );
    tasks.add(task);
    void task.then(() => tasks.delete(task));
  };
  const aggregate = async (): Promise<void> => {
    await aggregateUsage({ shelf, rollups, now, newWriteId: () => `w${(number += 1)}` }, [config]);
  };
  const committed = () => ({
    sends: plans.reduce((sum, { routed }) => sum + routed, 0),
    ends: dones.reduce((sum, row) => sum + row.delivered + total(row.deadLettered), 0),
  });
  const read = async (): Promise<void> => {
    const before = committed();
    const totals = totalsOf(await readBooks({ shelf, rollups, now }, config));
    const after = committed();
    await readDetail();
    const when = now().toISOString();
    if (totals.inFlight < 0) wrong.push(`seed ${seed}, ${when}: ${totals.inFlight} in flight`);
    for (const key of ['sends', 'ends'] as const) {
      if (totals[key] < before[key] || totals[key] > after[key]) {
        wrong.push(`seed ${seed}, ${when}: read ${totals[key]} ${key}, there were ${before[key]} to ${after[key]}`);
      }
    }
  };

  /** Of the last days, by kind of event: never fewer than there were before, nor more than there are after. */
  const readDetail = async (): Promise<void> => {
    const hour = hourOf(now().toISOString());
    const range = { from: `${hourPlus(hour, -DETAIL_HOURS)}:17:00.000Z`, to: `${hourPlus(hour, 20)}:00:00.000Z` };
    const within = (at: string): boolean => at >= range.from && at < range.to;
    const inRange = () => ({
      sends: plans.filter(({ receivedAt }) => within(receivedAt)).reduce((sum, { routed }) => sum + routed, 0),
      ends: dones
        .filter(({ dueAt }) => within(dueAt))
        .reduce((sum, row) => sum + row.delivered + total(row.deadLettered) + row.retry, 0),
    });
    const before = inRange();
    const ends = await detailed.destination(destination.id, { ...range, step: 'day', since: createdAt });
    const sends = await detailed.source(source.id, { ...range, step: 'hour', since: createdAt });
    const after = inRange();
    const read = {
      sends: sends.flatMap(({ detail }) => detail.lines).reduce((sum, { routed }) => sum + routed, 0),
      ends: ends.reduce((sum, { detail }) => sum + sendsIn(detail), 0),
    };
    for (const key of ['sends', 'ends'] as const) {
      if (read[key] < before[key] || read[key] > after[key]) {
        wrong.push(
          `seed ${seed}, ${now().toISOString()}: details of ${read[key]} ${key}, there were ${before[key]} to ${after[key]}`,
        );
      }
    }
  };

  await aggregate();
  turns = 'by the seed';
  for (let turn = 0; turn < TURNS; turn += 1) {
    const dice = random();
    if (dice < 0.12) await accept();
    else if (dice < 0.3) await settle();
    else if (dice < 0.33) begin(RUN_MS_MAX, aggregate);
    else if (dice < 0.36) begin(READ_MS_MAX, read);
    else if (dice < 0.41) nowMs += pick(ADVANCES_MS[pick(ADVANCES_MS.length)] ?? 0);
    else for (let calls = pick(20); calls >= 0; calls -= 1) await release(waiting, random, nowMs);
    for (const { byMs, put: push } of toPut.splice(0, random() < 0.5 ? toPut.length : 0)) if (nowMs <= byMs) push();
    for (let index = toPut.length - 1; index >= 0; index -= 1)
      if ((toPut[index]?.byMs ?? 0) < nowMs) toPut.splice(index, 1);
    for (const late of waiting.filter(({ task }) => (task?.endMs ?? nowMs) < nowMs)) {
      waiting.splice(waiting.indexOf(late), 1);
      kill(late);
    }
    await settled();
  }
  for (const left of waiting.splice(0)) kill(left);
  await Promise.all(tasks);
  turns = 'at once';

  // Faults stop. The reader is right at once, whatever the aggregators left undone; after a few quiet runs so are the roll-ups.
  await read();
  for (let run = 0; run < QUIET_RUNS; run += 1) {
    nowMs += HOUR_MS;
    await aggregate();
    await read();
  }
  wrong.push(...(await differences(rollups, plans, dones, nowMs)).map((text) => `seed ${seed}: ${text}`));
  wrong.push(...detailDifferences(fakeDetails.dump(), plans, dones, nowMs).map((text) => `seed ${seed}: ${text}`));
  return wrong;
}

/** Where the details of hours differ from those that the raw rows make. */
function detailDifferences(
  held: Record<string, Record<string, unknown>>,
  plans: readonly PlanRow[],
  dones: readonly DoneRow[],
  nowMs: number,
): string[] {
  const present = hourOf(new Date(nowMs).toISOString());
  const wrong: string[] = [];
  const compare = <R>(
    id: string,
    rows: readonly R[],
    atOf: (row: R) => string,
    newSum: () => { addRow(row: R): void; detail(): unknown },
  ) => {
    const sums = new Map<string, ReturnType<typeof newSum>>();
    for (const row of rows) {
      const hour = hourOf(atOf(row));
      if (hour > present) continue;
      const sum = sums.get(hour) ?? newSum();
      sums.set(hour, sum);
      sum.addRow(row);
    }
    const hours = new Set([...sums.keys(), ...Object.keys(held[id] ?? {})]);
    for (const hour of [...hours].toSorted()) {
      const texts = [held[id]?.[hour], sums.get(hour)?.detail()].map((value) => JSON.stringify(value));
      if (texts[0] !== texts[1]) wrong.push(`the detail of ${id} in ${hour} is ${texts[0]}, the rows say ${texts[1]}`);
    }
  };
  compare(
    SOURCE_ID,
    plans,
    ({ receivedAt }) => receivedAt,
    () => new SourceSum(),
  );
  compare(
    DESTINATION_ID,
    dones,
    ({ dueAt }) => dueAt,
    () => new DestinationSum(),
  );
  return wrong;
}

/** How far back details are read. */
const DETAIL_HOURS = 60;
const TURNS = 350;
/** Calls at which a run dies. */
const CRASH_SHARE = 0.002;
const QUIET_RUNS = 5;
/** Bounds of how far the clock goes at once. */
const ADVANCES_MS = [20 * SECOND_MS, 240 * SECOND_MS, 240 * SECOND_MS, 240 * SECOND_MS, 70 * 60 * SECOND_MS];

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function kill({ task, reject }: Waiting): void {
  if (task !== undefined) task.isDead = true;
  reject(new Error('killed'));
}

async function release(waiting: Waiting[], random: () => number, nowMs: number): Promise<void> {
  const index = Math.floor(random() * waiting.length);
  const next = waiting[index];
  if (next === undefined || (next.task?.isSlow === true && random() < 0.95)) return;
  waiting.splice(index, 1);
  if (random() < CRASH_SHARE || (next.task?.endMs ?? nowMs) < nowMs) kill(next);
  else next.resolve();
  await settled();
}

const SOURCE_ID = aSource().id;
const DESTINATION_ID = aDestination().id;

function totalsOf(books: WorkspaceBooks): { sends: number; ends: number; inFlight: number } {
  const sides = sidesOf(books, DESTINATION_ID, SOURCE_ID, 0);
  const { done, planned } = sides;
  return {
    sends: planned.planned[DESTINATION_ID]?.sends ?? 0,
    ends: done.delivered + total(done.discarded) + total(done.deadLettered),
    inFlight: inFlightOf(DESTINATION_ID, sides),
  };
}

/** Where the roll-ups differ from a recount of the raw rows. */
async function differences(
  rollups: RollupStore,
  plans: readonly PlanRow[],
  dones: readonly DoneRow[],
  nowMs: number,
): Promise<string[]> {
  const wrong: string[] = [];
  const present = hourOf(new Date(nowMs).toISOString());
  const compare = (what: string, found: unknown, expected: unknown): void => {
    const texts = [found, expected].map((value) => JSON.stringify(value));
    if (texts[0] !== texts[1]) wrong.push(`${what} is ${texts[0]}, the rows say ${texts[1]}`);
  };
  const short = {
    source: ({ received, routed }: { received: number; routed: number }) => ({ received, routed }),
    destination: (t: ReturnType<typeof noDestinationTotals>) => ({
      delivered: t.delivered,
      dead: t.deadLettered,
      retry: t.retry,
    }),
  };
  const days = [...new Set([...plans.map((row) => dayOf(row.receivedAt)), ...dones.map((row) => dayOf(row.dueAt))])];
  for (const day of days.filter((each) => each <= dayOf(present)).toSorted()) {
    const s = (await rollups.source(SOURCE_ID).days(day, day)).get(day);
    const d = (await rollups.destination(DESTINATION_ID).days(day, day)).get(day);
    const until = (at: string): boolean => dayOf(at) <= day && hourOf(at) <= present;
    compare(
      `the source on ${day}`,
      short.source(s?.totals ?? noSourceTotals()),
      short.source(sumPlans(plans.filter((row) => dayOf(row.receivedAt) === day))),
    );
    compare(
      `the source until ${day}`,
      short.source(s?.sofar ?? noSourceTotals()),
      short.source(sumPlans(plans.filter((row) => until(row.receivedAt)))),
    );
    compare(
      `the destination on ${day}`,
      short.destination(d?.totals ?? noDestinationTotals()),
      short.destination(sumDones(dones.filter((row) => dayOf(row.dueAt) === day && until(row.dueAt)))),
    );
    compare(
      `the destination until ${day}`,
      short.destination(d?.sofar ?? noDestinationTotals()),
      short.destination(sumDones(dones.filter((row) => until(row.dueAt)))),
    );
    const [usage] = await rollups.usageDays(SOURCE_ID, day, day);
    const calls = plans.filter((row) => dayOf(row.receivedAt) === day).reduce((sum, { routed }) => sum + routed, 0);
    compare(`usage on ${day}`, usage?.calls ?? 0, calls);
  }
  return wrong;
}
