import type { LaneMessage } from '../../shared/domain/lane-message.ts';
import type { ArchiveQueue, LaneQueues, LaneResult, LaneSending } from '../../shared/ports/queues.ts';
import type { Carried } from './event-source.ts';
import type { Faults } from './faults.ts';
import { type Host, sdkCall } from './host.ts';
import type { SqsModel } from './sqs-model.ts';

/** A message in a lane. `copies`: of each part, the how manieth copy of that hop that we put into lanes. */
export type CarriedLane = Carried & { message: LaneMessage; copies: readonly number[] };

export type LaneWatch = {
  /** A message lies in a lane from now on. Answers the how manieth copy it is, part by part. */
  onLane(message: LaneMessage): readonly number[];
};

/** The lanes of a deployment: some that destinations hold, and the shared one. */
export class LanesModel {
  readonly shared: SqsModel;
  readonly own: readonly SqsModel[];
  readonly #faults: Faults;
  readonly #watch: LaneWatch;

  constructor(faults: Faults, queues: { shared: SqsModel; own: readonly SqsModel[] }, watch: LaneWatch) {
    this.#faults = faults;
    this.shared = queues.shared;
    this.own = queues.own;
    this.#watch = watch;
  }

  queues(): SqsModel[] {
    return [this.shared, ...this.own];
  }

  port(host: Host): LaneQueues {
    return {
      send: async (sendings) => {
        const results: LaneResult[] = sendings.map(() => 'doubtful');
        const byQueue = new Map<SqsModel, number[]>();
        for (const [index, { lane }] of sendings.entries()) {
          const queue = (lane === undefined ? undefined : this.own[lane]) ?? this.shared;
          const indexes = byQueue.get(queue);
          if (indexes === undefined) byQueue.set(queue, [index]);
          else indexes.push(index);
        }
        await Promise.all(
          [...byQueue].map(async ([queue, indexes]) => {
            const sent = await this.#sendOne(
              host,
              queue,
              indexes.map((index) => sendings[index]),
            );
            for (const [position, index] of indexes.entries()) results[index] = sent[position] ?? 'doubtful';
          }),
        );
        return results;
      },
    };
  }

  /** One call: taken, refused entry by entry, refused whole, or nobody knows. */
  async #sendOne(host: Host, queue: SqsModel, sendings: readonly (LaneSending | undefined)[]): Promise<LaneResult[]> {
    const isRefused = this.#faults.strikes('send throttled');
    const fate = isRefused ? 'refused' : this.#faults.strikes('send answered too late') ? 'answer lost' : 'answered';
    const put = (): LaneResult[] =>
      sendings.map((sending) => {
        if (sending === undefined || this.#faults.strikes('entry refused')) return 'refused';
        const { message } = sending;
        const carried: CarriedLane = { text: JSON.stringify(message), message, copies: this.#watch.onLane(message) };
        queue.send(carried, { delaySeconds: sending.delaySeconds, group: sending.message.destinationId });
        return 'taken';
      });
    try {
      return await host.call(`sends ${sendings.length} to ${queue.name}`, put, fate);
    } catch {
      return sendings.map(() => (isRefused ? 'refused' : 'doubtful'));
    }
  }
}

/** The archive queue: takes messages, twice at times, or refuses them. `taken` counts by intake id. */
export class ArchiveModel {
  readonly taken = new Map<string, number>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  port(host: Host): ArchiveQueue {
    return {
      send: (messages) =>
        sdkCall(
          host,
          'sends to the archive',
          () => {
            for (const { intakeId } of messages) this.taken.set(intakeId, (this.taken.get(intakeId) ?? 0) + 1);
          },
          () => (this.#faults.strikes('archive refuses') ? 'refused' : 'answered'),
        ),
    };
  }
}
