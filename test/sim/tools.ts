import type { Engine, SendResult } from '../../shared/destinations/engine.ts';
import { SEND_TIMEOUT_MS } from '../../shared/config/limits.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import { BAD_KEY } from './config-model.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Faults } from './faults.ts';
import type { Host } from './host.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** What a tool takes to answer, in ms, on a good day and on a slow one. */
const ANSWER_MS = { min: 20, max: 120 };
const SLOW_MS = { min: 1_500, max: 9_500 };
/** Bounds of a Retry-After that is kept, in seconds, and one that is not waited for. */
const RETRY_AFTER_SECONDS = { min: 1, max: 40 };
const TOO_LONG_SECONDS = 13 * 3_600;
/** A tool that flaps is up and down by turns of this length. */
const FLAP_MS = 7_000;
/** Whoever works on an event with such a messageId dies. */
export const POISON_PREFIX = 'poison-';

/** A time in which a tool behaves so. */
export type Spell = {
  kind: Extract<FaultKind, 'outage' | 'tool does not answer' | 'tool flaps' | 'tool is slow' | 'refuses the key (401)'>;
  fromMs: number;
  toMs: number;
};

/** One event for one mapping of one destination. */
export type SendName = { destinationId: string; mappingId: string; messageId: string };

export type ToolWatch = {
  /** A call goes out: all of these are tried. */
  onTry(host: Host, sends: readonly SendName[]): void;
  /** The tool has answered; deliver hears of it unless its machine dies. */
  onAnswer(host: Host, send: SendName, outcome: SendOutcome): void;
};

type Answer = { outcomes: SendOutcome[]; afterMs: number };

/** The tools on the other side of the HTTP client, behind the engine's port. They remember what they took. */
export class Tools {
  /** How often a send was taken, by its name. */
  readonly taken = new Map<string, number>();
  /** Destinations whose tool ever answered badly. */
  readonly troubled = new Set<string>();
  readonly #spells = new Map<string, Spell[]>();
  readonly #world: World;
  readonly #faults: Faults;
  readonly #random: Random;
  readonly #watch: ToolWatch;
  readonly #batchSizes: ReadonlyMap<string, number>;

  constructor(world: World, faults: Faults, batchSizes: ReadonlyMap<string, number>, watch: ToolWatch) {
    this.#world = world;
    this.#faults = faults;
    this.#random = world.random.fork('tools');
    this.#batchSizes = batchSizes;
    this.#watch = watch;
  }

  addSpell(destinationId: string, spell: Spell): void {
    this.#spells.set(destinationId, [...(this.#spells.get(destinationId) ?? []), spell]);
  }

  engine(host: Host): Engine {
    return {
      callsOf: async ({ settings, mapping, events }) => {
        const destinationId = textOf(settings['destinationId']);
        const mappingId = textOf(mapping.fields['mappingId']);
        const size = this.#batchSizes.get(destinationId) ?? 1;
        const calls = [];
        for (let from = 0; from < events.length; from += size) {
          const batch = events.slice(from, from + size);
          const sends = batch.map((event) => ({ destinationId, mappingId, messageId: messageIdOf(event) }));
          calls.push({
            events: batch.map((_, index) => from + index) as [number, ...number[]],
            run: () => this.#send(host, sends, settings['key'] === BAD_KEY),
          });
        }
        return calls;
      },
    };
  }

  async #send(host: Host, sends: readonly SendName[], hasBadKey: boolean): Promise<SendResult[]> {
    this.#watch.onTry(host, sends);
    if (sends.some(({ messageId }) => messageId.startsWith(POISON_PREFIX))) host.kill('poisonous part');
    const answer = (): Answer => {
      const given = this.#answer(sends, hasBadKey);
      for (const [index, send] of sends.entries()) {
        const outcome = given.outcomes[index];
        if (outcome !== undefined) this.#watch.onAnswer(host, send, outcome);
        if (outcome?.outcome !== 'delivered') this.troubled.add(send.destinationId);
      }
      return given;
    };
    const { outcomes } = await host.call(`calls ${describe(sends)}`, answer, 'answered', ({ afterMs }) => afterMs);
    return outcomes.map((outcome) => ({ outcome, exchanges: [] }));
  }

  #answer(sends: readonly SendName[], hasBadKey: boolean): Answer {
    const afterMs = this.#random.between(ANSWER_MS.min, ANSWER_MS.max);
    const all = (outcome: SendOutcome, ms = afterMs): Answer => ({ outcomes: sends.map(() => outcome), afterMs: ms });
    const [first] = sends;
    const spell = first && this.#spellOf(first.destinationId);
    if (spell !== undefined) this.#faults.hit(spell);
    if (spell === 'outage' || spell === 'tool flaps') return all(failed('503'));
    if (spell === 'tool does not answer') {
      if (this.#random.chance(0.5)) this.#take(sends);
      return all(failed('ETIMEDOUT'), SEND_TIMEOUT_MS);
    }
    if (hasBadKey || spell === 'refuses the key (401)') {
      return all({ outcome: 'discarded', code: '401', message: 'Unauthorized' });
    }
    if (this.#faults.strikes('connection reset')) return all(failed('ECONNRESET'));
    if (this.#faults.strikes('asks to wait (429)')) {
      const seconds = this.#random.whole(RETRY_AFTER_SECONDS.min, RETRY_AFTER_SECONDS.max);
      return all({ ...failed('429'), retryAfterMs: seconds * 1_000 });
    }
    if (this.#faults.strikes('asks to wait too long'))
      return all({ ...failed('503'), retryAfterMs: TOO_LONG_SECONDS * 1_000 });
    if (this.#faults.strikes('takes it and fails (500)')) {
      this.#take(sends);
      return all(failed('500'));
    }
    const slowMs = spell === 'tool is slow' ? this.#random.between(SLOW_MS.min, SLOW_MS.max) : afterMs;
    const isPartial = sends.length > 1 && this.#faults.strikes('takes part of a batch');
    const outcomes = sends.map((send, index): SendOutcome => {
      if (isPartial && index % 2 === 0) return failed('429');
      if (this.#faults.strikes('refuses the event (400)'))
        return { outcome: 'discarded', code: '400', message: 'Bad Request' };
      this.#take([send]);
      return { outcome: 'delivered', status: 200 };
    });
    return { outcomes, afterMs: slowMs };
  }

  #spellOf(destinationId: string): Spell['kind'] | undefined {
    if (this.#faults.isOver) return undefined;
    const { nowMs } = this.#world;
    for (const { kind, fromMs, toMs } of this.#spells.get(destinationId) ?? []) {
      if (nowMs < fromMs || nowMs >= toMs) continue;
      if (kind !== 'tool flaps' || Math.floor(nowMs / FLAP_MS) % 2 === 0) return kind;
    }
    return undefined;
  }

  #take(sends: readonly SendName[]): void {
    for (const send of sends) this.taken.set(nameOfSend(send), (this.taken.get(nameOfSend(send)) ?? 0) + 1);
  }
}

export const nameOfSend = ({ destinationId, mappingId, messageId }: SendName): string =>
  `${destinationId} ${mappingId} ${messageId}`;

const failed = (code: string) =>
  ({ outcome: 'retry', code, message: `The tool said ${code}` }) as const satisfies SendOutcome;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const messageIdOf = (event: JsonObject): string => textOf(event['messageId']);
const describe = (sends: readonly SendName[]): string =>
  `${sends[0]?.destinationId} ${sends[0]?.mappingId} with ${sends.map(({ messageId }) => messageId).join(' ')}`;
