import { randomUUID } from 'node:crypto';
import { AwsError, type Clock, LOCAL_ACCOUNT, LOCAL_REGION, type MetricSink } from '../types.ts';
import {
  BATCH_ENTRIES_MAX,
  invalidParameter,
  type MessageAttributes,
  md5Of,
  md5OfAttributes,
  type Outgoing,
  VISIBILITY_SECONDS_MAX,
} from './message-rules.ts';
import type { Content, MessageStore, StoredContent, StoredState } from './message-store.ts';
import { type Entry, IN_FLIGHT_MAX, queueIndex } from './queue-index.ts';
import type { QueueSettings } from './queue-settings.ts';

export const queueArn = (name: string): string => `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`;
/** A message received more often than this no longer counts for ApproximateAgeOfOldestMessage ("Available CloudWatch metrics for SQS"). */
const AGED_RECEIVES_MAX = 3;

export type ReceivedMessage = {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  attributes: MessageAttributes | undefined;
  md5OfAttributes: string | undefined;
  bytes: number;
  group: string | undefined;
  receiveCount: number;
  sentAtMs: number;
  firstReceivedAtMs: number;
  /** The queue that a redrive took it from. */
  sourceArn: string | undefined;
};

export type Sent = { messageId: string; md5OfBody: string; md5OfAttributes: string | undefined };

export type ReceiveOptions = {
  /** 1 to 10. */
  max: number;
  /** How long to wait for a first message; absent: not at all. */
  waitMs?: number;
  /** Absent: the queue's. */
  visibilitySeconds?: number;
  /** Ends the wait with no messages. */
  signal?: AbortSignal;
};

/** A queue in process: what the JSON face and the poller of event source mappings both stand on. Each promise resolves when it is on disk. */
export type LocalQueue = {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  settings(): QueueSettings;
  change(settings: QueueSettings): void;
  send(messages: readonly Outgoing[]): Promise<Sent[]>;
  receive(options: ReceiveOptions): Promise<ReceivedMessage[]>;
  /** A handle that a later receive has replaced deletes nothing and is no error ("DeleteMessage"). Throws ReceiptHandleIsInvalid. */
  delete(receiptHandle: string): Promise<void>;
  /** 0 to 43,200 s, and not beyond 12 h from the receive. Of a message that is not in flight: MessageNotInflight. */
  changeVisibility(receiptHandle: string, seconds: number): void;
  purge(): Promise<void>;
  counts(): { visible: number; inFlight: number; delayed: number };
  /** Takes a message that a redrive moved here; it is on disk already. */
  adopt(entry: Entry): void;
  /** Writes the metrics of the last minute, and drops what is past retention. */
  closeMinute(metrics: MetricSink, atMs: number): Promise<void>;
  /** Ends all waits. */
  close(): void;
};

type Waiter = ReceiveOptions & { settle: (messages: ReceivedMessage[] | Promise<ReceivedMessage[]>) => void };

export function localQueue(deps: {
  name: string;
  settings: QueueSettings;
  store: MessageStore;
  clock: Clock;
  /** The queue of a redrive policy. */
  byArn: (arn: string) => LocalQueue | undefined;
}): LocalQueue {
  const { name, store, clock, byArn } = deps;
  const arn = queueArn(name);
  const createdAtMs = store.createdAtMs(name, clock.now());
  const index = queueIndex();
  const waiters = new Set<Waiter>();
  const counted = { sent: 0, received: 0, deleted: 0 };
  let settings = deps.settings;
  let isPumpDue = false;
  let cancelTimer: (() => void) | undefined;

  for (const state of store.states(name)) index.add(entryOf(state, clock.now()));

  const isExpired = (entry: Entry) => entry.sentAtMs + settings.retentionSeconds * 1_000 <= clock.now();

  /**
   * Takes messages in fair order for one receive; undefined when none is there. What is past retention, or has had its receives, leaves the
   * queue instead: `left` settles when the disk knows.
   */
  const receiveNow = (
    max: number,
    visibilitySeconds: number,
    left: Promise<void>[],
  ): Promise<ReceivedMessage[]> | undefined => {
    const nowMs = clock.now();
    index.advanceTo(nowMs);
    const taken: Entry[] = [];
    while (taken.length < max && index.counts().inFlight < IN_FLIGHT_MAX) {
      const entry = index.takeVisible();
      if (entry === undefined) break;
      const { redrive } = settings;
      if (isExpired(entry)) left.push(expire(entry));
      else if (redrive !== undefined && entry.receiveCount >= redrive.maxReceiveCount) {
        left.push(moveToDeadLetters(entry, redrive.deadLetterTargetArn));
      } else taken.push(entry);
    }
    return taken.length === 0 ? undefined : handOut(taken, nowMs, visibilitySeconds);
  };

  const handOut = async (taken: Entry[], nowMs: number, visibilitySeconds: number): Promise<ReceivedMessage[]> => {
    const contents: (StoredContent | undefined)[] = [];
    for (const entry of taken) {
      entry.receiveCount += 1;
      entry.receivedAtMs = nowMs;
      entry.firstReceivedAtMs ??= nowMs;
      index.hide(entry, nowMs + visibilitySeconds * 1_000);
    }
    schedulePump();
    await store.write({
      apply: () => {
        for (const entry of taken) {
          store.received(entry.seq, entry.receiveCount, entry.firstReceivedAtMs ?? nowMs);
          contents.push(store.content(entry.seq));
        }
      },
      done: () => {
        counted.received += taken.length;
      },
      undone: () => {
        for (const entry of taken) {
          entry.receiveCount -= 1;
          giveBack(entry);
        }
      },
    });
    return taken.flatMap((entry, position) => {
      const content = contents[position];
      return content === undefined ? [] : [receivedMessage(entry, content)];
    });
  };

  const giveBack = (entry: Entry) => {
    if (entry.state !== 'gone') index.show(entry);
  };
  const drop = (entry: Entry) => {
    if (entry.state !== 'gone') index.remove(entry);
  };
  const expire = (entry: Entry) =>
    store.write({ apply: () => store.remove(entry.seq), done: () => drop(entry), undone: () => giveBack(entry) });
  const moveToDeadLetters = (entry: Entry, targetArn: string) => {
    const target = byArn(targetArn);
    if (target === undefined) throw new Error(`${name} redrives to ${targetArn}, which does not exist.`);
    const nowMs = clock.now();
    return store.write({
      apply: () => store.move(entry.seq, target.name, nowMs, arn),
      done: () => {
        drop(entry);
        target.adopt({ ...entry, enqueuedAtMs: nowMs });
      },
      undone: () => giveBack(entry),
    });
  };

  /** Lets waiting receives have what is visible, and looks again when the next delayed or in-flight message is due. */
  const pump = () => {
    isPumpDue = false;
    for (const waiter of waiters) {
      const left: Promise<void>[] = [];
      const messages = receiveNow(waiter.max, waiter.visibilitySeconds ?? settings.visibilitySeconds, left);
      settleQuietly(left);
      if (messages === undefined) break;
      waiter.settle(messages);
    }
    cancelTimer?.();
    cancelTimer = undefined;
    const dueAtMs = waiters.size === 0 ? undefined : index.nextDueAtMs();
    if (dueAtMs !== undefined) cancelTimer = clock.after(Math.max(1, dueAtMs - clock.now()), schedulePump);
  };
  const schedulePump = () => {
    if (isPumpDue || waiters.size === 0) return;
    isPumpDue = true;
    queueMicrotask(pump);
  };

  /** The message of a handle, if that handle is of its latest receive. */
  const byHandle = (receiptHandle: string): Entry | undefined => {
    const { seq, receiveCount } = parseHandle(receiptHandle);
    const entry = index.get(seq);
    return entry?.receiveCount === receiveCount ? entry : undefined;
  };

  return {
    name,
    arn,
    createdAtMs,
    settings: () => settings,
    change: (changed) => {
      settings = changed;
    },
    send: async (messages) => {
      const nowMs = clock.now();
      const prepared = messages.map((message) => prepare(message, store.nextSeq(), nowMs, settings));
      await store.write({
        apply: () => {
          for (const { state, content } of prepared) store.insert(name, state, content);
        },
        done: () => {
          counted.sent += prepared.length;
          for (const { state } of prepared) index.add(entryOf(state, nowMs));
          schedulePump();
        },
      });
      return prepared.map(({ content }) => content);
    },
    receive: (options) => {
      const left: Promise<void>[] = [];
      const now = receiveNow(options.max, options.visibilitySeconds ?? settings.visibilitySeconds, left);
      const { waitMs = 0, signal } = options;
      if (now === undefined && waitMs === 0 && left.length > 0) return Promise.all(left).then(() => []);
      settleQuietly(left);
      if (now !== undefined) return now;
      // "If you reach this limit while short polling, SQS returns OverLimit. With long polling, it returns no error."
      if (waitMs === 0 && index.counts().inFlight >= IN_FLIGHT_MAX) {
        throw new AwsError('OverLimit', `Too many messages in flight: ${IN_FLIGHT_MAX} is the maximum.`, 403);
      }
      if (waitMs === 0 || signal?.aborted === true) return Promise.resolve([]);
      return new Promise((resolve) => {
        const giveUp = () => waiter.settle([]);
        const cancelWait = Number.isFinite(waitMs) ? clock.after(waitMs, giveUp) : () => undefined;
        const waiter: Waiter = {
          ...options,
          settle: (messages) => {
            waiters.delete(waiter);
            cancelWait();
            signal?.removeEventListener('abort', giveUp);
            resolve(messages);
          },
        };
        waiters.add(waiter);
        signal?.addEventListener('abort', giveUp);
        schedulePump();
      });
    },
    delete: async (receiptHandle) => {
      const entry = byHandle(receiptHandle);
      if (entry === undefined) return;
      await store.write({
        apply: () => store.remove(entry.seq),
        done: () => {
          if (entry.state !== 'gone') counted.deleted += 1;
          drop(entry);
        },
      });
    },
    changeVisibility: (receiptHandle, seconds) => {
      const nowMs = clock.now();
      index.advanceTo(nowMs);
      const entry = byHandle(receiptHandle);
      if (entry === undefined) {
        throw invalidParameter(
          `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
        );
      }
      if (entry.state !== 'in-flight') {
        throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
      }
      if (nowMs + seconds * 1_000 > entry.receivedAtMs + VISIBILITY_SECONDS_MAX * 1_000) {
        throw invalidParameter(
          `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${VISIBILITY_SECONDS_MAX} seconds].`,
        );
      }
      if (seconds === 0) index.show(entry);
      else index.hide(entry, nowMs + seconds * 1_000);
      schedulePump();
    },
    purge: () => store.write({ apply: () => store.removeAll(name), done: () => index.clear() }),
    counts: () => {
      index.advanceTo(clock.now());
      return index.counts();
    },
    adopt: (entry) => {
      // A redriven message can be received at once; its own past in the other queue is no concern here.
      index.add({ ...entry, state: 'visible', dueAtMs: entry.enqueuedAtMs });
      schedulePump();
    },
    closeMinute: async (metrics, atMs) => {
      index.advanceTo(atMs);
      const expired: Promise<void>[] = [];
      let oldestMs = atMs;
      for (const entry of index.entries()) {
        if (isExpired(entry)) expired.push(expire(entry));
        else if (entry.receiveCount <= AGED_RECEIVES_MAX) oldestMs = Math.min(oldestMs, entry.enqueuedAtMs);
      }
      await Promise.all(expired);
      const { visible, inFlight, delayed } = index.counts();
      const values: [string, number, string][] = [
        ['ApproximateNumberOfMessagesVisible', visible, 'Count'],
        ['ApproximateNumberOfMessagesNotVisible', inFlight, 'Count'],
        ['ApproximateNumberOfMessagesDelayed', delayed, 'Count'],
        ['ApproximateAgeOfOldestMessage', Math.floor((atMs - oldestMs) / 1_000), 'Seconds'],
        ['NumberOfMessagesSent', counted.sent, 'Count'],
        ['NumberOfMessagesReceived', counted.received, 'Count'],
        ['NumberOfMessagesDeleted', counted.deleted, 'Count'],
      ];
      Object.assign(counted, { sent: 0, received: 0, deleted: 0 });
      for (const [metric, value, unit] of values) {
        metrics.put({ namespace: 'AWS/SQS', name: metric, dimensions: { QueueName: name }, value, unit, atMs });
      }
    },
    close: () => {
      cancelTimer?.();
      for (const waiter of waiters) waiter.settle([]);
    },
  };
}

/** A failed clean-up leaves the message where it was; the next receive tries again, and whoever writes next hears of the disk. */
const settleQuietly = (left: readonly Promise<void>[]): void => {
  for (const work of left) work.catch(() => undefined);
};

const entryOf = (state: StoredState, nowMs: number): Entry => ({
  seq: state.seq,
  bytes: state.bytes,
  group: state.group,
  sentAtMs: state.sentAtMs,
  enqueuedAtMs: state.enqueuedAtMs,
  receiveCount: state.receiveCount,
  firstReceivedAtMs: state.firstReceivedAtMs,
  receivedAtMs: 0,
  dueAtMs: state.visibleAtMs,
  state: state.visibleAtMs > nowMs ? 'delayed' : 'visible',
});

function prepare(
  message: Outgoing,
  seq: number,
  nowMs: number,
  settings: QueueSettings,
): { state: StoredState; content: Content } {
  const { body, bytes, attributes, group } = message;
  return {
    state: {
      seq,
      bytes,
      group,
      sentAtMs: nowMs,
      enqueuedAtMs: nowMs,
      visibleAtMs: nowMs + (message.delaySeconds ?? settings.delaySeconds) * 1_000,
      receiveCount: 0,
      firstReceivedAtMs: undefined,
    },
    content: {
      messageId: randomUUID(),
      body,
      md5OfBody: md5Of(body),
      attributes: attributes && JSON.stringify(attributes),
      md5OfAttributes: attributes && md5OfAttributes(attributes),
    },
  };
}

const receivedMessage = (entry: Entry, content: StoredContent): ReceivedMessage => ({
  messageId: content.messageId,
  receiptHandle: Buffer.from(`${entry.seq}.${entry.receiveCount}`).toString('base64url'),
  body: content.body,
  md5OfBody: content.md5OfBody,
  attributes: content.attributes === undefined ? undefined : JSON.parse(content.attributes),
  md5OfAttributes: content.md5OfAttributes,
  bytes: entry.bytes,
  group: entry.group,
  receiveCount: entry.receiveCount,
  sentAtMs: entry.sentAtMs,
  firstReceivedAtMs: entry.firstReceivedAtMs ?? entry.receivedAtMs,
  sourceArn: content.sourceArn,
});

function parseHandle(receiptHandle: string): { seq: number; receiveCount: number } {
  const match = /^(\d{1,15})\.(\d{1,9})$/.exec(Buffer.from(receiptHandle, 'base64url').toString());
  if (match === null) {
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
    );
  }
  return { seq: Number(match[1]), receiveCount: Number(match[2]) };
}

/** The bound of `ReceiveOptions.max`, for those who receive in process. */
export const RECEIVE_MAX = BATCH_ENTRIES_MAX;
