import { claimTogether } from '../../shared/aws/claim-together.ts';
import { DEVICE_LIMITS, type DeviceLimits } from '../../shared/aws/device-claims.ts';
import type { ClaimRequest } from '../../shared/ports/claim-store.ts';
import { CallScheduler } from '../builders/call-scheduler.ts';
import { ClaimVerdicts } from '../builders/claim-verdicts.ts';
import { aClaim, hoursLater } from '../builders/claims.ts';
import { MemorySeenTable, type TableCall } from '../builders/memory-seen-table.ts';
import { type Random, randomFrom } from './random.ts';

/** By `CLAIM_SEEDS=5000 npx jest …`. */
const SEEDS = Number(process.env['CLAIM_SEEDS'] ?? 300);
const REQUESTS = 60;
const DEVICES = ['a one', 'a two', 'u one'] as const;
/** So small that a run sees full heads, chunks of several pages, and ledgers that are closed for each reason. */
const LIMITS: readonly [DeviceLimits, ...DeviceLimits[]] = [
  { headFullBytes: 60, freshMax: 3, claimsBeforeClosing: 1_000, chunksMax: 1_000, lostBeforeClosing: 3 },
  { headFullBytes: 100, freshMax: 50, claimsBeforeClosing: 30, chunksMax: 1_000, lostBeforeClosing: 3 },
  { headFullBytes: 60, freshMax: 50, claimsBeforeClosing: 1_000, chunksMax: 5, lostBeforeClosing: 1 },
  DEVICE_LIMITS,
];

/** Requests in any order of time within two weeks; messageIds come again and again, sometimes of another device. */
function aRequest(random: Random, owner: number): ClaimRequest {
  const device = random.pick(DEVICES);
  const count = random.whole(1, 6);
  const messageIds = new Set(Array.from({ length: count }, () => `m${random.whole(0, 80)}`));
  return aClaim(owner, [...messageIds], { device, receivedAt: hoursLater(random.between(-48, 150)) });
}

type Owned = { owner: string; receivedAtMs: number };

/** What claims are, said as plainly as can be: one at a time, nothing ever forgotten. */
class PlainClaims {
  readonly #owned = new Map<string, Owned[]>();

  claim({ intakeId, receivedAt, dedupHours, events }: ClaimRequest) {
    const receivedAtMs = Date.parse(receivedAt);
    return events.map(({ messageId, device }) => {
      const name = `${device} ${messageId}`;
      const owned = this.#owned.get(name) ?? [];
      const own = owned.findIndex(({ owner }) => owner === intakeId);
      // Where somebody took it over since, a claim by event does not know the first owner any more.
      if (own >= 0) return { messageId, isDuplicate: false, mayBeEither: own < owned.length - 1 };
      const isDuplicate = owned.some((each) => each.receivedAtMs + dedupHours * 3_600_000 >= receivedAtMs);
      if (!isDuplicate) this.#owned.set(name, [...owned, { owner: intakeId, receivedAtMs }]);
      return { messageId, isDuplicate, mayBeEither: false };
    });
  }
}

/** One call in eight fails: half of those were carried out. */
const faulty =
  (random: Random): TableCall =>
  async (what, work) => {
    const fate = random.next();
    if (fate < 0.06) throw new Error(`${what}: refused`);
    const result = work();
    if (fate < 0.12) throw new Error(`${what}: answer lost`);
    return result;
  };

async function untilClaimed(claim: () => Promise<ReadonlySet<string>>): Promise<ReadonlySet<string>> {
  for (let receive = 0; receive < 100; receive += 1) {
    try {
      return await claim();
    } catch (error) {
      if (!(error instanceof Error) || !/refused|answer lost/.test(error.message)) throw error;
    }
  }
  throw new Error('A message was received 100 times');
}

test('whatever fails between them, claims one after the other are those of a plain map', async () => {
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const random = randomFrom(seed);
    const ports = new MemorySeenTable().ports(faulty(random));
    const store = claimTogether({ ...ports, pause: async () => undefined, limits: random.pick(LIMITS) });
    const plain = new PlainClaims();
    const requests: ClaimRequest[] = [];
    for (let number = 0; number < REQUESTS; number += 1) {
      const [first, ...others] = requests;
      const request =
        first !== undefined && random.chance(0.15) ? random.pick([first, ...others]) : aRequest(random, number);
      requests.push(request);
      const duplicates = await untilClaimed(() => store.claim(request));
      for (const { messageId, isDuplicate, mayBeEither } of plain.claim(request)) {
        if (mayBeEither || duplicates.has(messageId) === isDuplicate) continue;
        throw new Error(`Seed ${seed}, request ${number}: ${messageId} is ${isDuplicate ? 'a duplicate' : 'free'}`);
      }
    }
  }
}, 120_000);

test('in any order of calls of six invocations each event has one owner', async () => {
  const wrong: string[] = [];
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const random = randomFrom(seed);
    const limits = random.pick(LIMITS);
    const table = new MemorySeenTable();
    const scheduler = new CallScheduler();
    const verdicts = new ClaimVerdicts();
    let owner = 0;
    const invocations = Array.from({ length: 6 }, async (_, number) => {
      const ports = table.ports(scheduler.caller(`invocation ${number}`));
      const store = claimTogether({ ...ports, pause: async () => undefined, limits });
      // Of a few ticks, each with some requests; some of them come again.
      for (let tick = 0; tick < 3; tick += 1) {
        const requests = Array.from({ length: random.whole(1, 3) }, () => aRequest(random, (owner += 1)));
        const claims = await Promise.all(requests.map((request) => store.claim(request)));
        for (const [index, duplicates] of claims.entries()) {
          const request = requests[index];
          if (request !== undefined) verdicts.add(request, duplicates);
        }
        const [again] = requests;
        if (again !== undefined && random.chance(0.3)) verdicts.add(again, await store.claim(again));
      }
    });
    const ended = Promise.all(invocations);
    await scheduler.run((options) => random.whole(0, options - 1), 10);
    await ended;
    wrong.push(...verdicts.faults().map((fault) => `Seed ${seed}: ${fault}`));
  }
  expect(wrong.slice(0, 5)).toEqual([]);
}, 120_000);
