import { encodeIntake } from '../../shared/aws/intake-codec.ts';
import { IntakeMessage } from '../../shared/domain/intake-message.ts';
import type { Carried } from './event-source.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { SqsModel } from './sqs-model.ts';
import { KILLER_PREFIX } from './table-models.ts';
import { POISON_PREFIX } from './tools.ts';
import type { World } from './world.ts';

/** One request that was answered 200: from here on every event of it must end somewhere. */
export type AcceptedRequest = {
  intakeId: string;
  receivedAtMs: number;
  /** Of each event in order: its messageId, or undefined where it is no event. */
  messageIds: readonly (string | undefined)[];
  /** Whoever reads it dies. */
  isPoisonous: boolean;
};

export type TrafficPlan = {
  /** Requests come for so long, so many a second, evenly spread with chance. */
  forMs: number;
  perSecond: number;
  /** Events of a request: so many at least (1 where absent) and at most. */
  eventsMin?: number;
  eventsMax: number;
};

type Payload = Record<string, unknown>;
/** A userId alone, or beside an anonymousId. */
type Device = { anonymousId?: string };
const EVENT_NAMES = ['Order Completed', 'Cup Bought', 'Cup Returned'] as const;
const DEVICES = ['browser 1', 'browser 2', 'browser 3'] as const;
/** Of all requests, those with events of several devices; of those that are repeated, those that are put together anew. */
const MIXED_SHARE = 0.2;
const RECUT_SHARE = 0.5;
/** A client that gave up waiting repeats while the first copy is on its way to route: both are claimed at the same time. */
const REPEAT_AT_ONCE_MS = 30;
/** A client repeats a request whose answer it did not get after up to so long. */
const REPEAT_MS_MAX = 60_000;

/** Who may be suppressed meanwhile, and everybody else. */
export const ADA = 'ada';
const USER = 'u';

/** The clients of one source, and ingest, which puts what it accepted on the intake queue. */
export class Traffic {
  readonly accepted = new Map<string, AcceptedRequest>();
  /** messageIds of ADA's events. */
  readonly ofAda = new Set<string>();
  readonly #world: World;
  readonly #faults: Faults;
  readonly #random: Random;
  readonly #queue: SqsModel;
  #events = 0;

  constructor(world: World, faults: Faults, queue: SqsModel) {
    this.#world = world;
    this.#faults = faults;
    this.#random = world.random.fork('traffic');
    this.#queue = queue;
  }

  /** Makes the appointments of all requests of a plan. */
  start({ forMs, perSecond, eventsMin = 1, eventsMax }: TrafficPlan): void {
    const gapMs = 1_000 / perSecond;
    const next = (atMs: number): void => {
      if (atMs >= forMs) return;
      this.#world.after(atMs === 0 ? 0 : this.#random.between(gapMs / 2, gapMs * 1.5), () => {
        this.#request(this.#random.whole(eventsMin, eventsMax));
        next(atMs + gapMs);
      });
    };
    next(0);
  }

  /** Accepts one request of so many events now. */
  #request(count: number): void {
    const isPoisonous = this.#faults.strikes('poisonous request');
    const hasPoison = !isPoisonous && this.#faults.strikes('poisonous part');
    const device = this.#device();
    const isMixed = this.#random.chance(MIXED_SHARE);
    const payloads = Array.from({ length: count }, (_, index): Payload => {
      this.#events += 1;
      if (this.#faults.strikes('invalid events'))
        return { type: 'track', userId: USER, messageId: `bad-${this.#events}` };
      const prefix = isPoisonous ? KILLER_PREFIX : hasPoison && index === 0 ? POISON_PREFIX : '';
      return this.#event(`${prefix}m${this.#events}`, isMixed ? this.#device() : device);
    });
    this.#accept(payloads, isPoisonous);
    if (!isPoisonous && this.#faults.strikes('client repeats')) {
      const again = this.#random.chance(RECUT_SHARE) ? this.#recut(payloads) : payloads;
      const afterMs = this.#random.chance(0.5) ? REPEAT_AT_ONCE_MS : REPEAT_MS_MAX;
      this.#world.after(this.#random.between(0, afterMs), () => this.#accept(again, false));
    }
  }

  #event(messageId: string, device: Device): Payload {
    const userId = this.#faults.strikes('user suppressed') ? ADA : USER;
    if (userId === ADA) this.ofAda.add(messageId);
    if (this.#random.chance(0.2)) return { type: 'identify', ...device, userId, traits: { plan: 'free' }, messageId };
    return { type: 'track', ...device, userId, event: this.#random.pick(EVENT_NAMES), messageId };
  }

  /** Who sends: one of a few browsers, or a server that knows users. */
  #device(): Device {
    return this.#random.chance(0.8) ? { anonymousId: this.#random.pick(DEVICES) } : {};
  }

  /** What Analytics.js makes of a batch that failed: some of it, with new events of the same device among them. */
  #recut(payloads: readonly Payload[]): Payload[] {
    const kept = payloads.slice(this.#random.whole(0, payloads.length - 1));
    const anonymousId = kept[0]?.['anonymousId'];
    this.#events += 1;
    const added = this.#event(`m${this.#events}`, typeof anonymousId === 'string' ? { anonymousId } : {});
    return this.#random.chance(0.5) ? [added, ...kept] : [...kept, added];
  }

  #accept(payloads: readonly Payload[], isPoisonous: boolean): void {
    const number = this.accepted.size + 1;
    const receivedAtMs = this.#world.nowMs;
    const { body: _body, ...head } = IntakeMessage.parse({
      v: 1,
      intakeId: `in_${String(number).padStart(22, '0')}`,
      workspaceId: 'ws_1',
      sourceId: 'src_1',
      kind: 'batch',
      receivedAt: new Date(receivedAtMs).toISOString(),
      body: {},
    });
    const messageIds = payloads.map(({ type, event, messageId }) =>
      type === 'track' && event === undefined ? undefined : String(messageId),
    );
    this.accepted.set(head.intakeId, { intakeId: head.intakeId, receivedAtMs, messageIds, isPoisonous });
    const carried: Carried = { text: encodeIntake(head, JSON.stringify({ batch: payloads })) };
    const send = () => this.#queue.send(carried, { group: head.sourceId });
    send();
    // The SDK of ingest did not hear that SQS had it.
    if (this.#faults.strikes('request queued twice')) this.#world.after(this.#random.between(1, 3_000), send);
  }
}
