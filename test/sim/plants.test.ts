import { PLANTS } from './plants.ts';
import { runSeeds } from './run-seeds.ts';

/** A simulator that finds nothing proves nothing: each of these bugs must show within as many seeds as CI plays. */
const SEEDS_MAX = 200;

test.each(PLANTS.map((plant) => [plant.name, plant] as const))(
  'it finds out when %s',
  async (_name, plant) => {
    const results = await runSeeds({ from: 1, count: SEEDS_MAX }, { plant });
    expect(results.at(-1)?.failure).toMatchObject({ rule: plant.breaks });
  },
  120_000,
);
