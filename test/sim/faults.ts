import { FAULT_KINDS, FAULT_RATES, type FaultKind } from './fault-kinds.ts';
import type { Random } from './random.ts';

/** Of all seeds: those without any fault, and those with more of them than the others. */
const QUIET_SHARE = 0.06;
const STORMY_SHARE = 0.1;
/** How many of the kinds a seed of either sort chooses. */
const CHOSEN_SHARE = 0.22;
const CHOSEN_STORMY_SHARE = 0.5;

/** The faults of one seed: which kinds it has, and how often each really happened. */
export class Faults {
  readonly chosen: ReadonlySet<FaultKind>;
  readonly hits = new Map<FaultKind, number>();
  /** When everything became calm. */
  endedAtMs = Number.POSITIVE_INFINITY;
  readonly #random: ReadonlyMap<FaultKind, Random>;

  constructor(random: Random, chosen: readonly FaultKind[] = chooseKinds(random)) {
    this.chosen = new Set(chosen);
    this.#random = new Map(chosen.map((kind) => [kind, random.fork(kind)]));
  }

  /** Whether a fault of this kind happens at this opportunity; counted if so. */
  strikes(kind: FaultKind): boolean {
    const random = this.#random.get(kind);
    if (random === undefined || this.isOver || !random.chance(FAULT_RATES[kind])) return false;
    this.hit(kind);
    return true;
  }

  /** Counts a fault that was not drawn here: a window, a limit that was reached. */
  hit(kind: FaultKind): void {
    this.hits.set(kind, (this.hits.get(kind) ?? 0) + 1);
  }

  /** Whether a seed has a kind that is played by plan; never once faults are over. */
  has(kind: FaultKind): boolean {
    return this.chosen.has(kind) && !this.isOver;
  }

  /** From now on nothing goes wrong any more. */
  end(nowMs: number): void {
    this.endedAtMs = nowMs;
  }

  get isOver(): boolean {
    return this.endedAtMs !== Number.POSITIVE_INFINITY;
  }
}

function chooseKinds(random: Random): FaultKind[] {
  const choice = random.fork('choice of faults');
  const sort = choice.next();
  if (sort < QUIET_SHARE) return [];
  const share = sort < QUIET_SHARE + STORMY_SHARE ? CHOSEN_STORMY_SHARE : CHOSEN_SHARE;
  const chosen = new Set(FAULT_KINDS.filter(() => choice.chance(share)));
  // Nothing comes to the dead-letter queues otherwise.
  if (chosen.has('dead-letter function killed')) chosen.add('few receives');
  return [...chosen];
}
