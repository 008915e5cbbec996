import { RATE_WINDOW_MS, requestLimiter } from '../../../../shared/pipeline/request-limiter.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import { fakeRateClocks } from '../../../builders/fake-rate-clocks.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const START_MS = Date.parse('2026-11-24T10:15:00.000Z');

/** Deterministic numbers from 0 to 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Environments of ingest with clocks that differ by up to 50 ms, one table, and requests at random moments to random environments. */
function setUp(perSecond: number, environments = 1, { seed = 1, skewMsMax = environments === 1 ? 0 : 50 } = {}) {
  const random = numbers(seed);
  const clocks = fakeRateClocks();
  const source = aSource({ requestsPerSecondMax: perSecond });
  const warned: number[] = [];
  let nowMs = START_MS;
  const limiters = Array.from({ length: environments }, () => {
    const skewMs = (random() * 2 - 1) * skewMsMax;
    return requestLimiter({
      clocks,
      nowMs: () => nowMs + skewMs,
      random,
      warn: (_error, unasked) => warned.push(unasked),
    });
  });
  const admit = (environment = 0) => {
    const limiter = limiters[environment];
    if (limiter === undefined) throw new Error('no such environment');
    return limiter.admit(source);
  };
  /** Requests at a mean rate for so long, exponentially spaced. Answers when each was accepted or refused. */
  const load = async (ratePerSecond: number, seconds: number) => {
    const untilMs = nowMs + seconds * 1_000;
    const accepted: number[] = [];
    const refused: number[] = [];
    for (;;) {
      nowMs += (-Math.log(1 - random()) / ratePerSecond) * 1_000;
      if (nowMs >= untilMs) break;
      const { outcome } = await admit(Math.floor(random() * environments));
      (outcome === 'admitted' ? accepted : refused).push(nowMs - START_MS);
    }
    nowMs = untilMs;
    return { accepted, refused };
  };
  return { admit, load, clocks, warned, pass: (ms: number) => (nowMs += ms), nowMs: () => nowMs - START_MS };
}

/** The fewest and the most of these moments in any ten seconds between two moments. */
function inTenSeconds(moments: readonly number[], fromMs: number, toMs: number): { least: number; most: number } {
  const counts: number[] = [];
  for (let startMs = fromMs; startMs + RATE_WINDOW_MS <= toMs; startMs += 100) {
    counts.push(moments.filter((at) => at >= startMs && at < startMs + RATE_WINDOW_MS).length);
  }
  return { least: Math.min(...counts), most: Math.max(...counts) };
}

/** Writes to the table for each request; a write costs 0.625 of what the gateway takes for a request. */
const callsPer = ({ clocks }: ReturnType<typeof setUp>, requests: number): number => clocks.state.calls / requests;

test.each([
  [1_000, 1, 3, 0.005],
  [1_000, 20, 3, 0.04],
  [1_000, 100, 3, 0.1],
  [1_000, 20, 1.3, 0.06],
  [100, 20, 3, 0.3],
  [100, 100, 10, 0.3],
  [20, 5, 3, 0.4],
  [3_000, 60, 2, 0.03],
])(
  'of a limit of %i/s, %i environments under %f times of it accept what it says, within 20 %% in any ten seconds, for %f calls a request (E09)',
  async (perSecond, environments, factor, callsMax) => {
    const world = setUp(perSecond, environments);
    const { accepted, refused } = await world.load(perSecond * factor, 25);
    const { least, most } = inTenSeconds(accepted, 0, 25_000);
    expect(most).toBeLessThanOrEqual(12 * perSecond);
    expect(least).toBeGreaterThanOrEqual(8 * perSecond);
    expect(callsPer(world, accepted.length + refused.length)).toBeLessThanOrEqual(callsMax);
  },
  30_000,
);

test.each([
  [1_000, 20, 0.9, 0.04],
  [1_000, 100, 0.8, 0.15],
  [1_000, 20, 0.04, 0.15],
  [1_000, 1, 0.1, 0.02],
  [1_000, 5, 0.005, 0],
  [100, 20, 0.7, 0.5],
  [20, 5, 0.5, 1],
])(
  'below a limit of %i/s, %i environments at %f of it refuse nothing, for %f calls a request (E09)',
  async (perSecond, environments, factor, callsMax) => {
    const world = setUp(perSecond, environments);
    const { accepted, refused } = await world.load(perSecond * factor, 60);
    expect(refused).toEqual([]);
    expect(callsPer(world, accepted.length)).toBeLessThanOrEqual(callsMax);
  },
  30_000,
);

test('a flood after a quiet time is held within the first ten seconds, and forgotten once it is over (E09)', async () => {
  const world = setUp(200, 10);
  await expect(world.load(20, 30)).resolves.toMatchObject({ refused: [] });
  const startedMs = world.nowMs();
  const flood = await world.load(2_000, 15);
  const { least, most } = inTenSeconds(flood.accepted, startedMs, startedMs + 15_000);
  expect(most).toBeLessThanOrEqual(1.2 * 2_000);
  expect(least).toBeGreaterThanOrEqual(0.8 * 2_000);
  world.pass(1_000);
  await expect(world.load(150, 30)).resolves.toMatchObject({ refused: [] });
});

test('sources have limits of their own', async () => {
  const clocks = fakeRateClocks();
  const limiter = requestLimiter({ clocks, nowMs: () => START_MS, random: Math.random, warn: () => undefined });
  const outcomes = async (source: ReturnType<typeof aSource>) => {
    const admissions = [];
    for (let request = 0; request < 20; request += 1) admissions.push((await limiter.admit(source)).outcome);
    return admissions.filter((outcome) => outcome === 'admitted').length;
  };
  const small = { requestsPerSecondMax: 10 };
  await expect(outcomes(aSource(small))).resolves.toBe(5);
  await expect(outcomes(aSource({ ...small, id: 'src_2' }))).resolves.toBe(5);
});

test('what another environment has taken since is not there to be had', async () => {
  const { admit } = setUp(2, 2, { skewMsMax: 0 });
  await expect(admit(0)).resolves.toEqual({ outcome: 'admitted' });
  await expect(admit(1)).resolves.toEqual({ outcome: 'admitted' });
  await expect(admit(1)).resolves.toMatchObject({ outcome: 'refused' });
  await expect(admit(0)).resolves.toMatchObject({ outcome: 'refused' });
});

test('environments that are refused nearly all they get do not take what is free to quiet ones', async () => {
  const world = setUp(1_000, 600);
  await world.load(3_000, 20);
  const startedMs = world.nowMs();
  const { accepted } = await world.load(3_000, 20);
  const { least, most } = inTenSeconds(accepted, startedMs, startedMs + 20_000);
  expect(most).toBeLessThanOrEqual(12_000);
  expect(least).toBeGreaterThanOrEqual(8_000);
}, 30_000);

test('who is refused is told in whole seconds when to come again, and is asked for by nobody until then (E09)', async () => {
  const { admit, clocks, pass } = setUp(2);
  for (let request = 0; request < 2; request += 1) await expect(admit()).resolves.toEqual({ outcome: 'admitted' });
  const refused = { outcome: 'refused', retryAfterSeconds: 1 };
  await expect(admit()).resolves.toEqual(refused);
  const calls = clocks.state.calls;
  await expect(admit()).resolves.toEqual(refused);
  expect(clocks.state.calls).toBe(calls);
  pass(1_000);
  await expect(admit()).resolves.toEqual({ outcome: 'admitted' });
});

test('while the table is away everything passes and is counted, and the table is asked once a second', async () => {
  const { admit, clocks, warned, pass } = setUp(10);
  clocks.state.fault = new AppError('upstream-unavailable', 'away');
  for (let request = 0; request < 200; request += 1) {
    await expect(admit()).resolves.toEqual({ outcome: 'admitted' });
    pass(10);
  }
  expect(clocks.state.calls).toBe(2);
  expect(warned).toEqual([1, 100]);
  clocks.state.fault = undefined;
  pass(1_000);
  const outcomes = [];
  for (let request = 0; request < 20; request += 1) outcomes.push((await admit()).outcome);
  expect(outcomes.filter((outcome) => outcome === 'admitted')).toHaveLength(5);
});

test('made-up or deleted sources do not fill the memory: the one used longest ago is forgotten', async () => {
  const clocks = fakeRateClocks();
  const limiter = requestLimiter({ clocks, nowMs: () => START_MS, random: Math.random, warn: () => undefined });
  const source = (number: number) => aSource({ id: `src_${number}`, requestsPerSecondMax: 2 });
  for (let number = 0; number <= 1_000; number += 1) await limiter.admit(source(number));
  const calls = clocks.state.calls;
  // Forgotten, it must ask anew, and learns that one of two has been taken.
  await expect(limiter.admit(source(0))).resolves.toEqual({ outcome: 'admitted' });
  expect(clocks.state.calls).toBeGreaterThan(calls);
});
