import type { FaultKind } from './fault-kinds.ts';
import { quietly } from './quiet.ts';
import { simulate, type SimulationOptions } from './simulate.ts';
import type { Failure } from './world.ts';

export type SeedResult = {
  seed: number;
  failure: Failure | undefined;
  /** Kinds of faults that happened. */
  kinds: readonly FaultKind[];
  steps: number;
  virtualMs: number;
};

/** Plays seeds one after another; the first whose run breaks a rule is the last. */
export async function runSeeds(
  seeds: { from: number; count: number },
  options: Omit<SimulationOptions, 'seed'> = {},
): Promise<SeedResult[]> {
  return await quietly(async () => {
    const results: SeedResult[] = [];
    for (let seed = seeds.from; seed < seeds.from + seeds.count; seed += 1) {
      const { failure, hits, steps, virtualMs } = await simulate({ ...options, seed });
      results.push({ seed, failure, kinds: [...hits.keys()], steps, virtualMs });
      if (failure !== undefined) break;
    }
    return results;
  });
}

/** What to tell about broken rules, with the command that plays the seed again; empty where there are none. */
export const brokenRules = (results: readonly SeedResult[], flags = ''): string =>
  results
    .flatMap(({ seed, failure }) =>
      failure === undefined
        ? []
        : [
            `Seed ${seed} breaks the rule "${failure.rule}" at step ${failure.step}: ${failure.detail}.`,
            `Play it again: npm run sim -- --seed ${seed} --trace ${flags}`.trimEnd(),
          ],
    )
    .join('\n');

/** In how many of the runs each kind of fault happened. */
export function coverageOf(results: readonly SeedResult[]): Map<FaultKind, number> {
  const counts = new Map<FaultKind, number>();
  for (const { kinds } of results) for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
