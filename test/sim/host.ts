import type { SQSRecord } from 'aws-lambda';
import type { Timers } from '../../shared/ports/timers.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Faults } from './faults.ts';
import type { World } from './world.ts';

/** What a service does with a call: carries it out and answers, refuses it, or carries it out and its answer never arrives. */
export type Fate = 'answered' | 'refused' | 'answer lost';

/** Of what a machine sent off before it died, so much was on the wire and arrives. */
const ON_THE_WIRE_SHARE = 0.5;
/** One way of a call within a Region, in ms. */
const WAY_MS = { min: 1, max: 12 };
/** A stalled machine stands still so long: shorter and longer than what is left of most invocations. */
const STALL_MS = { min: 3_000, max: 45_000 };

/** The one call that an invocation may leave behind when its time is over: samples are examples, and written twice they are the same. */
export const ABANDONED = 'keeps samples';

/** One run of a function. */
export type Invocation = {
  number: number;
  startedAtMs: number;
  deadlineMs: number;
  records: readonly SQSRecord[];
};

export type FunctionName = 'route' | 'deliver' | 'empty-dead-letters';
const KILLED: Readonly<Record<FunctionName, FaultKind>> = {
  route: 'route killed',
  deliver: 'deliver killed',
  'empty-dead-letters': 'dead-letter function killed',
};

/**
 * One environment of a Lambda function. All that its code does to the world passes here, so it can die at any await: from then on none of its
 * calls is answered, and what it had sent off arrives or not.
 */
export class Host {
  readonly name: string;
  readonly functionName: FunctionName;
  /** What its clock says beside the truth. */
  clockOffsetMs = 0;
  /** Its clock once said something wild: what depends on it cannot be judged any more. */
  hasJumped = false;
  isDead = false;
  /** The one it works on, or has worked on last. */
  invocation: Invocation | undefined;
  readonly #world: World;
  readonly #faults: Faults;
  #isAtWork = false;
  #stalledUntilMs = 0;
  #onDeath: () => void = () => undefined;

  constructor(world: World, faults: Faults, functionName: FunctionName, name: string) {
    this.#world = world;
    this.#faults = faults;
    this.functionName = functionName;
    this.name = name;
  }

  readonly now = (): Date => new Date(this.#world.nowMs + this.clockOffsetMs);

  readonly timers: Timers = {
    monotonicMs: () => this.#world.nowMs,
    after: (ms, work) => this.#world.after(ms, () => this.#resume(work)),
  };

  /** The time as it is, whatever this machine's clock says. */
  trueMs(): number {
    return this.#world.nowMs;
  }

  begin(invocation: Invocation, onDeath: () => void): void {
    this.invocation = invocation;
    this.#isAtWork = true;
    this.#onDeath = onDeath;
  }

  end(): void {
    this.#isAtWork = false;
    this.#onDeath = () => undefined;
  }

  kill(why: string): void {
    if (this.isDead) return;
    this.isDead = true;
    this.#world.trace(() => `${this.name} dies: ${why}`);
    this.#onDeath();
  }

  /**
   * Calls a service: `work` happens there, some ms from now; its result comes back some ms later (or `answerMs` later), if all goes well.
   */
  call<T>(what: string, work: () => T, fate: Fate = 'answered', answerMs?: (result: T) => number): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.isDead) return;
      if (!this.#isAtWork && what !== ABANDONED) {
        this.#world.fail('nothing runs on after the answer', `${this.name} calls ${what} between two invocations`);
      }
      const dies = this.#faults.strikes(KILLED[this.functionName]);
      const diesBefore = dies && this.#world.random.chance(0.5);
      if (this.#faults.strikes('machine stalls')) {
        this.#stalledUntilMs = this.#world.nowMs + this.#world.random.between(STALL_MS.min, STALL_MS.max);
      }
      this.#world.after(this.#way(), () => {
        if (diesBefore) this.kill(`before ${what}`);
        if (this.isDead && !this.#world.random.chance(ON_THE_WIRE_SHARE)) return;
        if (fate === 'refused') {
          this.#world.after(this.#way(), () => this.#resume(() => reject(new ServiceError(what, fate))));
          return;
        }
        this.#world.trace(() => `${this.name} ${what}${fate === 'answered' ? '' : ` (${fate})`}`);
        const result = work();
        if (dies) this.kill(`after ${what}`);
        this.#world.after(answerMs?.(result) ?? this.#way(), () =>
          this.#resume(() => (fate === 'answered' ? resolve(result) : reject(new ServiceError(what, fate)))),
        );
      });
    });
  }

  /** Waits on this machine's clock. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.timers.after(ms, resolve));
  }

  #way(): number {
    return this.#world.random.between(WAY_MS.min, WAY_MS.max);
  }

  /** Goes on with the code, unless the machine is dead; a stalled one goes on when it wakes. */
  #resume(code: () => void): void {
    if (this.isDead) return;
    const leftMs = this.#stalledUntilMs - this.#world.nowMs;
    if (leftMs > 0) this.#world.after(leftMs, () => this.#resume(code));
    else code();
  }
}

/** A call that failed; `answer lost`: nobody knows whether it was carried out. */
export class ServiceError extends Error {
  readonly fate: Exclude<Fate, 'answered'>;
  constructor(what: string, fate: Exclude<Fate, 'answered'>) {
    super(`${what}: ${fate}`);
    this.name = 'ServiceError';
    this.fate = fate;
  }
}

/** Tries of one logical call, as the SDK makes them; a wait of up to so many ms doubles between them. */
const SDK_TRIES = 3;
const SDK_WAIT_MS = 100;

/** Calls a service as the SDK does: what fails is called again, under the same arguments, and nobody above sees it unless all fail. */
export async function sdkCall<T>(host: Host, what: string, work: () => T, fateOf: () => Fate): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await host.call(what, work, fateOf());
    } catch (error) {
      if (attempt === SDK_TRIES) throw error;
      await host.wait(SDK_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}
