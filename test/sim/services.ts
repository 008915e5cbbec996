import type { SQSRecord } from 'aws-lambda';
import { Books } from './books.ts';
import { aSimTarget, ConfigModel } from './config-model.ts';
import { DeadLettersModel } from './dead-letters-model.ts';
import { DEADLY_TO_LAST, type FaultKind } from './fault-kinds.ts';
import type { Faults } from './faults.ts';
import { type Host, ServiceError } from './host.ts';
import { ArchiveModel, LanesModel } from './lane-models.ts';
import { LedgerModel } from './ledger-model.ts';
import { SendingRules } from './sending-rules.ts';
import { SqsModel } from './sqs-model.ts';
import { BreakerModel, SeenModel } from './table-models.ts';
import { Tools } from './tools.ts';
import { Traffic } from './traffic.ts';
import type { World } from './world.ts';

/** As infra sets them: six timeouts of the function, 14 days, 100 receives. */
const VISIBILITY_SECONDS = 180;
const RETENTION_SECONDS = 14 * 86_400;
const RECEIVES_MAX = 100;
/** Where a seed has it: messages go to the dead-letter queue soon, and hardly any are in flight. */
const FEW_RECEIVES = 2;
const FEW_IN_FLIGHT = 8;
export const OWN_LANES = 2;
/** Of all seeds, those whose source finds repeats by device. */
const DEVICE_SHARE = 0.7;
/** A queue that hands a message out three times within ms, and moves it after two, has route and the dead-letter function at it at once. */
const THREE_AT_ONCE: readonly FaultKind[] = ['message twice', 'few receives'];

/** All that the functions of a simulation speak to. */
export class Services {
  readonly world: World;
  readonly faults: Faults;
  readonly config: ConfigModel;
  readonly seen: SeenModel;
  readonly ledger: LedgerModel;
  readonly breakers: BreakerModel;
  readonly deadLetters: DeadLettersModel;
  readonly tools: Tools;
  readonly archive: ArchiveModel;
  readonly intake: SqsModel;
  readonly intakeDead: SqsModel;
  readonly lanes: LanesModel;
  readonly lanesDead: SqsModel;
  readonly traffic: Traffic;
  readonly books: Books;
  readonly #queues: readonly SqsModel[];
  #writes = 0;

  constructor(world: World, faults: Faults) {
    this.world = world;
    this.faults = faults;
    const random = world.random.fork('set-up');
    const targets = Array.from({ length: random.whole(2, 4) }, (_, number) => {
      const triggers = random.chance(0.4) ? ['type = "track"', 'event = "Order Completed"'] : ['type = "track"'];
      return aSimTarget(number, triggers, number < OWN_LANES ? { lane: number } : {});
    });
    const batchSizes = new Map(
      targets.map(({ destination }) => [destination.id as string, random.chance(0.3) ? 5 : 1]),
    );
    const dedupBy = random.chance(DEVICE_SHARE) ? 'device' : 'event';
    this.config = new ConfigModel(world, faults, targets, dedupBy);
    this.seen = new SeenModel(faults, world.random);
    this.breakers = new BreakerModel(faults);
    this.deadLetters = new DeadLettersModel(faults);
    this.archive = new ArchiveModel(faults);
    this.intakeDead = this.#queue('intake-dead', undefined);
    this.intake = this.#queue('intake', this.intakeDead);
    this.lanesDead = this.#queue('lanes-dead', undefined);
    const shared = this.#queue('shared', this.lanesDead);
    const own = Array.from({ length: OWN_LANES }, (_, number) => this.#queue(`lane-${number}`, this.lanesDead));
    this.#queues = [this.intake, this.intakeDead, shared, ...own, this.lanesDead];
    this.traffic = new Traffic(world, faults, this.intake);
    this.books = new Books(world, {
      accepted: this.traffic.accepted,
      letters: this.deadLetters.objects,
      isKeptTwice: () =>
        DEADLY_TO_LAST.some((kind) => faults.chosen.has(kind)) ||
        THREE_AT_ONCE.every((kind) => faults.chosen.has(kind)),
    });
    this.ledger = new LedgerModel(faults, this.books);
    this.lanes = new LanesModel(faults, { shared, own }, this.books);
    const rules = new SendingRules(world, faults, this.books, {
      closedMs: this.config.closedSinceMs,
      suppressedMs: (messageId) => (this.traffic.ofAda.has(messageId) ? this.config.suppressedSinceMs : undefined),
    });
    this.tools = new Tools(world, faults, batchSizes, rules);
  }

  queues(): readonly SqsModel[] {
    return this.#queues;
  }

  readonly newWriteId = (): string => {
    this.#writes += 1;
    return `w${this.#writes}`;
  };

  /** ChangeMessageVisibility, without the SDK's repetitions: it is best effort everywhere. */
  holdBack(host: Host, queue: SqsModel, receiptHandle: string, seconds: number): Promise<void> {
    const fate = this.faults.strikes('visibility not changed') ? 'refused' : 'answered';
    const change = (): boolean => queue.changeVisibility(receiptHandle, seconds) === 'changed';
    return host.call(`keeps ${receiptHandle} away for ${seconds} s`, change, fate).then((isChanged) => {
      if (!isChanged) throw new ServiceError('ChangeMessageVisibility', 'refused');
    });
  }

  holdBackByArn(host: Host, { eventSourceARN, receiptHandle }: SQSRecord, seconds: number): Promise<void> {
    const name = eventSourceARN.slice(eventSourceARN.lastIndexOf(':') + 1);
    const queue = this.#queues.find((each) => each.name === name);
    if (queue === undefined) throw new Error(`There is no queue ${name}`);
    return this.holdBack(host, queue, receiptHandle, seconds);
  }

  #queue(name: string, dead: SqsModel | undefined): SqsModel {
    const { faults, world } = this;
    const maxReceiveCount = faults.has('few receives') ? FEW_RECEIVES : RECEIVES_MAX;
    return new SqsModel(
      {
        name,
        visibilitySeconds: VISIBILITY_SECONDS,
        retentionSeconds: RETENTION_SECONDS,
        ...(faults.has('few in flight') && { inFlightMax: FEW_IN_FLIGHT }),
        ...(dead !== undefined && { redrive: { to: dead, maxReceiveCount } }),
        onMoved: () => faults.hit('few receives'),
        onFull: () => faults.hit('few in flight'),
      },
      () => world.nowMs,
      {
        random: world.random.fork(`order of ${name}`),
        duplicates: () => {
          if (!faults.strikes('message twice')) return 'no';
          return world.random.chance(0.5) ? 'counted' : 'uncounted';
        },
      },
    );
  }
}
