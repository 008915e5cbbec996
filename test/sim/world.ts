import { createAgenda } from './agenda.ts';
import { type Random, randomFrom } from './random.ts';

/** Steps between two turns of the machine's own event loop, so that a test runner can still speak. */
const STEPS_A_TURN = 5_000;
/** 2026-11-24T10:00:00Z: where each simulation begins. */
export const START_MS = Date.UTC(2026, 10, 24, 10);

/** What a simulation found out: a rule was broken at this virtual moment. */
export type Failure = { rule: string; detail: string; atMs: number; step: number };

/**
 * Virtual time and chance. Nothing in a simulation waits on the machine's clock: whatever takes time is an appointment, real code runs between
 * two of them until all of it waits for another, and the clock jumps from one to the next.
 */
export class World {
  readonly seed: number;
  readonly random: Random;
  nowMs = START_MS;
  steps = 0;
  /** The first rule that was broken. Nothing happens after it. */
  failure: Failure | undefined;
  readonly #agenda = createAgenda();
  readonly #trace: ((line: string) => void) | undefined;

  constructor(seed: number, trace?: (line: string) => void) {
    this.seed = seed;
    this.random = randomFrom(seed);
    this.#trace = trace;
  }

  /** Runs `action` so many virtual ms from now, rounded up to whole ones; answers what takes it back. */
  after(delayMs: number, action: () => void): () => void {
    return this.#agenda.add(this.nowMs + Math.max(0, Math.ceil(delayMs)), action);
  }

  /** Writes a line of the trace; the text is made only where somebody reads it. */
  trace(text: () => string): void {
    if (this.#trace === undefined) return;
    const second = ((this.nowMs - START_MS) / 1_000).toFixed(3);
    this.#trace(`${second.padStart(10)} ${text()}`);
  }

  /** Notes a broken rule. Thrown, it could be caught by the code under test. */
  fail(rule: string, detail: string): void {
    if (this.failure !== undefined) return;
    this.failure = { rule, detail, atMs: this.nowMs, step: this.steps };
    this.trace(() => `BROKEN ${rule}: ${detail}`);
  }

  /** Time passes and nobody notices: all machines stand still meanwhile, only clocks and queues go on. */
  jump(byMs: number): void {
    this.nowMs += byMs;
    this.trace(() => `the clock jumps by ${byMs} ms`);
  }

  /** Lives until `untilMs`, until nothing is left to happen, or until `isOver` says so after a step. */
  async run(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    while (this.failure === undefined) {
      const nextMs = this.#agenda.nextAtMs();
      if (nextMs === undefined || nextMs > untilMs) {
        this.nowMs = Math.max(this.nowMs, nextMs === undefined ? this.nowMs : untilMs);
        return;
      }
      // After a jump, appointments that were missed are kept late.
      this.nowMs = Math.max(this.nowMs, nextMs);
      this.#agenda.take()?.();
      await allWaits();
      this.steps += 1;
      if (isOver()) return;
      if (this.steps % STEPS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/**
 * Resolves when no promise of the simulation can go on without an appointment: a tick that is asked for by a microtask runs when all
 * microtasks are through.
 */
const allWaits = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
