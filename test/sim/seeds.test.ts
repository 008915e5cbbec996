import { FAULT_KINDS } from './fault-kinds.ts';
import { brokenRules, coverageOf, runSeeds, type SeedResult } from './run-seeds.ts';

/** What CI plays: each block is a test, so that a broken rule shows where it is. */
const SEEDS = 200;
const BLOCK = 25;
/** Each kind of fault happens in at least this share of the seeds, or it is not covered. */
const COVERED_SHARE = 0.05;
/** Virtual seconds for one second of CPU: 500 is the bar, some 4,000 were measured. */
const SPEED_MIN = 500;

const played: SeedResult[] = [];
let cpuSeconds = 0;

test.each(Array.from({ length: SEEDS / BLOCK }, (_, block) => 1 + block * BLOCK))(
  'from seed %d on, nothing is lost and nothing unexplained, whatever goes wrong',
  async (from) => {
    const before = process.cpuUsage();
    const results = await runSeeds({ from, count: BLOCK });
    const { user, system } = process.cpuUsage(before);
    cpuSeconds += (user + system) / 1e6;
    expect(brokenRules(results)).toBe('');
    played.push(...results);
  },
  120_000,
);

test('each kind of fault happens in at least one of twenty seeds', () => {
  const coverage = coverageOf(played);
  const rare = FAULT_KINDS.filter((kind) => (coverage.get(kind) ?? 0) < COVERED_SHARE * SEEDS);
  expect([played.length, rare]).toEqual([SEEDS, []]);
  expect(FAULT_KINDS.length).toBeGreaterThanOrEqual(20);
});

test('virtual time passes at least 500 times as fast as the machine works', () => {
  const virtualSeconds = played.reduce((sum, { virtualMs }) => sum + virtualMs, 0) / 1_000;
  expect(virtualSeconds / cpuSeconds).toBeGreaterThan(SPEED_MIN);
});

test('a seed plays the same each time, to the last step', async () => {
  const [once, twice] = [await runSeeds({ from: 7, count: 3 }), await runSeeds({ from: 7, count: 3 })];
  expect(once).toEqual(twice);
});
