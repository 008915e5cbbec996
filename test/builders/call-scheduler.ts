import type { TableCall } from './memory-seen-table.ts';

/** What becomes of a call: it is carried out and answered, or carried out while its answer is lost, so that the SDK makes it again. */
type Fate = 'answered' | 'answer lost';
type Pending = { who: string; what: string; run: (fate: Fate) => void };

/** One way to go on: whose call is next, and what becomes of it. */
type Option = { pending: Pending; fate: Fate };

/** Calls of one execution that a schedule may be long at most. */
const STEPS_MAX = 400;

/**
 * Lets calls of several claimants happen one at a time, in an order that is chosen from outside. Everything between two calls runs until all
 * claimants wait for the next.
 */
export class CallScheduler {
  readonly #pending: Pending[] = [];
  readonly steps: string[] = [];
  #lost = 0;

  /** The way to the table of one claimant. */
  caller(who: string): TableCall {
    return (what, work) =>
      new Promise((resolve) => {
        const ask = (): void => {
          this.#pending.push({
            who,
            what,
            run: (fate) => {
              this.steps.push(`${who} ${what}${fate === 'answered' ? '' : ` (${fate})`}`);
              const result = work();
              if (fate === 'answered') resolve(result);
              else ask();
            },
          });
        };
        ask();
      });
  }

  /** Runs until nobody calls any more. `choose` gets the number of ways to go on. At most `lostMax` answers get lost. */
  async run(choose: (options: number) => number, lostMax: number): Promise<void> {
    for (let step = 0; step < STEPS_MAX; step += 1) {
      await settled();
      const options: Option[] = this.#pending.map((pending) => ({ pending, fate: 'answered' }));
      if (this.#lost < lostMax)
        options.push(...this.#pending.map((pending): Option => ({ pending, fate: 'answer lost' })));
      const chosen = options[options.length > 1 ? choose(options.length) : 0];
      if (chosen === undefined) return;
      this.#pending.splice(this.#pending.indexOf(chosen.pending), 1);
      if (chosen.fate === 'answer lost') this.#lost += 1;
      chosen.pending.run(chosen.fate);
    }
    throw new Error(`Claimants still call after ${STEPS_MAX} steps: ${this.steps.slice(-20).join('; ')}`);
  }
}

/** Resolves when all that can go on without a call has done so. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(() => process.nextTick(resolve)));

/**
 * Plays every order of calls there is, one execution for each: depth first over the choices, each execution from its beginning. Answers their
 * number; throws beyond `executionsMax`.
 */
export async function everySchedule(
  executionsMax: number,
  play: (choose: (options: number) => number) => Promise<void>,
): Promise<number> {
  let choices: { taken: number; of: number }[] = [];
  for (let executions = 1; executions <= executionsMax; executions += 1) {
    let depth = 0;
    await play((options) => {
      const known = choices[depth];
      if (known === undefined) choices.push({ taken: 0, of: options });
      depth += 1;
      return known?.taken ?? 0;
    });
    choices = choices.slice(0, depth);
    while (choices.at(-1) !== undefined && choices.at(-1)?.taken === (choices.at(-1)?.of ?? 0) - 1) choices.pop();
    const last = choices.at(-1);
    if (last === undefined) return executions;
    last.taken += 1;
  }
  throw new Error(`There are more than ${executionsMax} schedules`);
}
