import type { SQSRecord } from 'aws-lambda';
import { anSqsRecord } from '../builders/sqs-record.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import type { Faults } from './faults.ts';
import { type FunctionName, Host } from './host.ts';
import type { SqsMessage, SqsModel } from './sqs-model.ts';
import type { World } from './world.ts';

/** How long the poller takes to notice a message, and a new environment to start, in ms. */
const POLL_MS = { min: 2, max: 40 };
const COLD_START_MS = { min: 150, max: 900 };
const BATCH_SIZE = 10;
const CLOCK_SKEW_MS_MAX = 1_000;

/** What lies in a queue of the simulation: `text` is what the function gets. */
export type Carried = { text: string };

const carried = new WeakMap<SQSRecord, Carried>();
/** What a record carries, as the simulation put it on the queue. */
export const carriedBy = (record: SQSRecord): Carried | undefined => carried.get(record);

/** Works on one batch on one machine; answers messageIds as a handler does. */
export type BatchWork = (records: readonly SQSRecord[], context: BatchContext) => Promise<readonly string[]>;

/** A function: its warm environments, and how one is set up. */
export class LambdaFunction {
  readonly name: FunctionName;
  readonly timeoutMs: number;
  readonly #world: World;
  readonly #faults: Faults;
  readonly #setUp: (host: Host) => BatchWork;
  #idle: { host: Host; work: BatchWork }[] = [];
  #running = new Set<Host>();
  #made = 0;

  constructor(
    world: World,
    faults: Faults,
    options: { name: FunctionName; timeoutMs: number; setUp: (host: Host) => BatchWork },
  ) {
    this.#world = world;
    this.#faults = faults;
    this.name = options.name;
    this.timeoutMs = options.timeoutMs;
    this.#setUp = options.setUp;
  }

  /** All environments end, whatever they are at; the next invocation starts new ones. */
  redeploy(): void {
    this.#idle = [];
    for (const host of this.#running) host.kill('redeploy');
  }

  hosts(): Host[] {
    return [...this.#running, ...this.#idle.map(({ host }) => host)];
  }

  /** Runs one batch. `onEnd` is told which messageIds failed: all of them where the environment died or threw. */
  invoke(records: readonly SQSRecord[], onEnd: (failed: ReadonlySet<string>) => void): void {
    const warm = this.#idle.pop();
    const { host, work } = warm ?? this.#start();
    const coldMs = warm === undefined ? this.#world.random.between(COLD_START_MS.min, COLD_START_MS.max) : 1;
    this.#running.add(host);
    const all = new Set(records.map(({ messageId }) => messageId));
    this.#world.after(coldMs, () => {
      const startedAtMs = this.#world.nowMs;
      const deadlineMs = startedAtMs + this.timeoutMs;
      let isOver = false;
      const end = (failed: ReadonlySet<string>): void => {
        if (isOver) return;
        isOver = true;
        cancelTimeout();
        this.#running.delete(host);
        host.end();
        if (!host.isDead) this.#idle.push({ host, work });
        onEnd(failed);
      };
      const cancelTimeout = this.#world.after(this.timeoutMs, () => host.kill('timeout'));
      host.begin({ number: this.#world.steps, startedAtMs, deadlineMs, records }, () => end(all));
      if (host.isDead) {
        end(all);
        return;
      }
      const answer = (failed: readonly string[]): void => {
        const unknown = failed.find((id) => !all.has(id));
        if (unknown !== undefined)
          this.#world.fail('only received messages fail (Q1)', `${host.name} names ${unknown}`);
        end(new Set(failed));
      };
      work(records, { remainingMs: () => deadlineMs - this.#world.nowMs }).then(answer, () => end(all));
    });
  }

  #start(): { host: Host; work: BatchWork } {
    this.#made += 1;
    const host = new Host(this.#world, this.#faults, this.name, `${this.name}-${this.#made}`);
    if (this.#faults.has('clock skew')) {
      this.#faults.hit('clock skew');
      host.clockOffsetMs = this.#world.random.between(-CLOCK_SKEW_MS_MAX, CLOCK_SKEW_MS_MAX);
    }
    return { host, work: this.#setUp(host) };
  }
}

/** An event source mapping: polls a queue, invokes, deletes what succeeded (ReportBatchItemFailures). */
export class EventSource {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #queue: SqsModel;
  readonly #fn: LambdaFunction;
  readonly #concurrencyMax: number;
  #running = 0;
  #pollsAtMs = Number.POSITIVE_INFINITY;
  #cancelPoll: () => void = () => undefined;

  constructor(world: World, faults: Faults, options: { queue: SqsModel; fn: LambdaFunction; concurrencyMax: number }) {
    this.#world = world;
    this.#faults = faults;
    this.#queue = options.queue;
    this.#fn = options.fn;
    this.#concurrencyMax = options.concurrencyMax;
    this.#queue.onVisible = () => this.#pollSoon();
    this.#queue.onDue = (atMs) => this.#pollAt(atMs);
  }

  #pollSoon(): void {
    this.#pollAt(this.#world.nowMs + this.#world.random.between(POLL_MS.min, POLL_MS.max));
  }

  #pollAt(atMs: number): void {
    if (atMs >= this.#pollsAtMs) return;
    this.#cancelPoll();
    this.#pollsAtMs = atMs;
    this.#cancelPoll = this.#world.after(atMs - this.#world.nowMs, () => this.#poll());
  }

  #poll(): void {
    this.#pollsAtMs = Number.POSITIVE_INFINITY;
    while (this.#running < this.#concurrencyMax) {
      const messages = this.#queue.receive(BATCH_SIZE);
      if (messages.length === 0) break;
      this.#invoke(messages);
    }
    // With all invocations running there is nobody to poll: the end of one does.
    const nextMs = this.#running < this.#concurrencyMax ? this.#queue.nextDueAtMs() : undefined;
    if (nextMs !== undefined) this.#pollAt(nextMs);
  }

  #invoke(messages: readonly SqsMessage[]): void {
    this.#running += 1;
    const records = messages.map((message) => recordOf(this.#queue.name, message));
    this.#world.trace(
      () =>
        `${this.#queue.name} hands out ${messages.map(({ messageId, receiveCount }) => `${messageId}(${receiveCount})`).join(' ')}`,
    );
    this.#fn.invoke(records, (failed) => {
      this.#running -= 1;
      for (const message of messages) if (!failed.has(message.messageId)) this.#acknowledge(message);
      this.#pollSoon();
    });
  }

  #acknowledge(message: SqsMessage): void {
    if (this.#faults.strikes('receipt lost')) return;
    if (this.#queue.delete(message.receiptHandle) && this.#faults.strikes('deletion undone')) {
      this.#queue.restore(message);
    }
  }
}

function recordOf(queueName: string, message: SqsMessage): SQSRecord {
  const { messageId, receiptHandle, receiveCount, sentAtMs } = message;
  const body = message.body as Carried;
  const record = anSqsRecord({
    messageId,
    receiptHandle,
    body: body.text,
    receives: receiveCount,
    sentAtMs,
    queueName,
  });
  carried.set(record, body);
  return record;
}
