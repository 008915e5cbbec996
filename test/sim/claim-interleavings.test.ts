import { claimTogether } from '../../shared/aws/claim-together.ts';
import { DEVICE_LIMITS, type DeviceLedger, type DeviceLimits } from '../../shared/aws/device-claims.ts';
import { deviceKey } from '../../shared/aws/dynamo-device-ledger.ts';
import type { ClaimRequest } from '../../shared/ports/claim-store.ts';
import { CallScheduler, everySchedule } from '../builders/call-scheduler.ts';
import { ClaimVerdicts } from '../builders/claim-verdicts.ts';
import { aClaim, hoursLater } from '../builders/claims.ts';
import { MemorySeenTable } from '../builders/memory-seen-table.ts';

/** A head is full with four hashes of one request, a ledger crowded with eight. */
const TINY: DeviceLimits = { ...DEVICE_LIMITS, headFullBytes: 57, claimsBeforeClosing: 8, lostBeforeClosing: 2 };
const EXECUTIONS_MAX = 200_000;
const DEVICE = 'a one';
/** What was claimed at CLAIMED_AT has been free to go for days. */
const LATE_HOURS = 500;
const LATE_SECONDS = Date.parse(hoursLater(LATE_HOURS)) / 1_000;

type Plant = (ledger: DeviceLedger, table: MemorySeenTable) => DeviceLedger;
type Scenario = {
  limits?: DeviceLimits;
  /** What was claimed before, one after the other. */
  before: readonly ClaimRequest[];
  /** Before anybody claims. */
  prepare?: (table: MemorySeenTable) => void;
  /** What is claimed at the same time: each list in one tick of one invocation. */
  claimants: readonly (readonly ClaimRequest[])[];
  /** The TTL deletes at any moment what has expired by LATE_HOURS. */
  isForgotten?: boolean;
  lostMax: number;
};

const of = (owner: number, messageIds: readonly string[], hours = 0): ClaimRequest =>
  aClaim(owner, messageIds, { device: DEVICE, receivedAt: hoursLater(hours) });
const KEY = deviceKey(of(1, []).sourceId, DEVICE);

const SCENARIOS: Record<string, Scenario> = {
  'a new device': { before: [], claimants: [[of(1, ['a', 'b'])], [of(2, ['b', 'c'])]], lostMax: 2 },
  'a head with room': {
    before: [of(9, ['x'])],
    claimants: [[of(1, ['a', 'x', 'b'])], [of(2, ['b', 'x', 'c'])]],
    lostMax: 2,
  },
  'a full head': {
    before: [of(9, ['w', 'x', 'y', 'z'])],
    claimants: [[of(1, ['a', 'x'])], [of(2, ['a', 'y', 'b'])]],
    lostMax: 1,
  },
  'a full head, and a batch that fills the next': {
    before: [of(9, ['w', 'x', 'y', 'z'])],
    claimants: [[of(1, ['a', 'b', 'c', 'd']), of(3, ['d', 'e'])], [of(2, ['a', 'y'])]],
    lostMax: 1,
  },
  'a full head that is expired': {
    before: [of(9, ['w', 'x', 'y', 'z'])],
    claimants: [[of(1, ['x', 'a'], 30)], [of(2, ['a', 'x'], 30)]],
    lostMax: 1,
  },
  'a full head that is deleted meanwhile': {
    before: [of(9, ['w', 'x', 'y', 'z'])],
    claimants: [[of(1, ['x', 'a'], LATE_HOURS)], [of(2, ['a', 'x'], LATE_HOURS)]],
    isForgotten: true,
    lostMax: 0,
  },
  'a ledger that becomes crowded': {
    before: [of(8, ['s', 't', 'u', 'v']), of(9, ['w', 'x', 'y', 'z'])],
    claimants: [[of(1, ['a', 's'])], [of(2, ['a', 'z'])]],
    lostMax: 0,
  },
  'a closed ledger that would be forgotten': {
    before: [of(9, ['x'])],
    prepare: (table) => close(table),
    claimants: [[of(1, ['a', 'x'], 400)], [of(2, ['a', 'x'], 400)]],
    lostMax: 1,
  },
  'three at once, who lose until they close the ledger': {
    limits: { ...TINY, lostBeforeClosing: 1 },
    before: [of(9, ['x'])],
    claimants: [[of(1, ['a', 'b'])], [of(2, ['a', 'x'])], [of(3, ['b', 'a'])]],
    lostMax: 0,
  },
};

function close(table: MemorySeenTable): void {
  const head = table.heads.get(KEY);
  if (head === undefined) throw new Error('there is a head');
  table.heads.set(KEY, { ...head, isClosed: true, version: 'closed' });
}

/** One execution of a scenario. Answers what is wrong with it. */
async function play(scenario: Scenario, choose: (options: number) => number, plant: Plant): Promise<string[]> {
  const { before, claimants, lostMax, limits = TINY } = scenario;
  const table = new MemorySeenTable();
  const verdicts = new ClaimVerdicts();
  const storeOf = (ports: ReturnType<MemorySeenTable['ports']>) =>
    claimTogether({ ...ports, ledger: plant(ports.ledger, table), pause: async () => undefined, limits });
  const atOnce = storeOf(table.ports(async (_what, work) => work()));
  const claimOne = async (store: typeof atOnce, request: ClaimRequest) => {
    const duplicates = await store.claim(request);
    verdicts.add(request, duplicates);
    return duplicates;
  };
  for (const request of before) await claimOne(atOnce, request);
  scenario.prepare?.(table);
  const scheduler = new CallScheduler();
  const claims = claimants.flatMap((requests, number) => {
    const store = storeOf(table.ports(scheduler.caller(`claimant ${number}`)));
    return requests.map((request) => claimOne(store, request));
  });
  if (scenario.isForgotten) {
    void scheduler.caller('TTL')('deletes', () => {
      for (const items of [table.heads, table.chunks]) {
        for (const [key, { expiresAtSeconds }] of items) if (expiresAtSeconds < LATE_SECONDS) items.delete(key);
      }
    });
  }
  const ended = Promise.allSettled(claims);
  await scheduler.run(choose, lostMax);
  const results = await ended;
  // A redelivery, when all is quiet, is told what it was told.
  const faults: string[] = [];
  for (const [index, request] of claimants.flat().entries()) {
    const result = results[index];
    const again = await claimOne(atOnce, request);
    if (result?.status === 'rejected') faults.push(`${request.intakeId} failed: ${result.reason}`);
    else if ([...again].join() !== [...(result?.value ?? [])].join())
      faults.push(`${request.intakeId} hears otherwise`);
  }
  return [...faults, ...verdicts.faults()].map((fault) => `${fault} after ${scheduler.steps.join('; ')}`);
}

const honest: Plant = (ledger) => ledger;

test.each(Object.entries(SCENARIOS))(
  '%s: in every order of calls each event has one owner',
  async (_name, scenario) => {
    const wrong: string[] = [];
    const executions = await everySchedule(EXECUTIONS_MAX, async (choose) => {
      wrong.push(...(await play(scenario, choose, honest)));
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(executions).toBeGreaterThan(100);
  },
  240_000,
);

const PLANTS: Record<string, Plant> = {
  'a head that is put over whatever is there': (ledger, table) => ({
    ...ledger,
    putHead: (key, head) => {
      table.heads.delete(key);
      return ledger.putHead(key, head, undefined);
    },
  }),
  'a head that is begun anew without its chunk': (ledger) => ({ ...ledger, putChunk: async () => undefined }),
  'a ledger that is closed under its old version': (ledger, table) => ({
    ...ledger,
    close: (key, epoch) => ledger.close(key, epoch, table.heads.get(key)?.version ?? ''),
  }),
  'heads that are read as they were': (ledger) => {
    let first: ReturnType<DeviceLedger['heads']> | undefined;
    return { ...ledger, heads: (keys) => (first ??= ledger.heads(keys)) };
  },
};

test.each(Object.entries(PLANTS))(
  '%s is found out',
  async (_name, plant) => {
    for (const scenario of Object.values(SCENARIOS)) {
      const wrong: string[] = [];
      await everySchedule(EXECUTIONS_MAX, async (choose) => {
        if (wrong.length === 0) wrong.push(...(await play(scenario, choose, plant)));
      });
      if (wrong.length > 0) return;
    }
    throw new Error('No schedule found it');
  },
  240_000,
);
