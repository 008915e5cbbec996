import { MinHeap } from './min-heap.ts';
import type { Random } from './random.ts';

/** AWS quotas of a standard queue. */
const IN_FLIGHT_MAX = 120_000;
const RECEIVE_MAX = 10;
const DELAY_SECONDS_MAX = 900;
const VISIBILITY_SECONDS_MAX = 43_200;
/** How far from the front of its group a message may be taken: standard queues promise no order. */
const REORDER_MAX = 8;

export type SqsSettings = {
  name: string;
  visibilitySeconds: number;
  retentionSeconds: number;
  /** Messages in flight beyond which nothing is handed out; AWS's 120,000 where absent. */
  inFlightMax?: number;
  redrive?: { to: SqsModel; maxReceiveCount: number };
  /** Told when a message goes to the dead-letter queue, and when nothing is handed out although something is visible. */
  onMoved?: () => void;
  onFull?: () => void;
};

export type SqsMessage = {
  messageId: string;
  receiptHandle: string;
  body: unknown;
  receiveCount: number;
  /** First enqueue time: a move to a dead-letter queue keeps it. */
  sentAtMs: number;
};

/** What chance does to a message, besides the order: asked once for each that is handed out. */
export type SqsChance = {
  random: Random;
  /** The message is handed out and yet stays: somebody else may receive it at once. `uncounted`: and that receive is not counted. */
  duplicates(): 'no' | 'counted' | 'uncounted';
};

type Entry = {
  messageId: string;
  body: unknown;
  group: string;
  sentAtMs: number;
  receiveCount: number;
  receivedAtMs: number;
  /** Of a message that is delayed or in flight: when it can be received (again). */
  dueAtMs: number;
  state: 'delayed' | 'visible' | 'in flight' | 'gone';
};

type Due = { atMs: number; entry: Entry };
/** `head` is the place of the first that has not been taken. */
type Waiting = { entries: Entry[]; head: number };

/** A list of waiting messages is cut when so many at its front are gone. */
const TRIM_AT = 1_024;

/**
 * A standard queue as AWS documents it, and no better: at least once, in hardly any order, groups in turn (fair queues). Bodies are
 * whatever the simulation carries. Checked against the local cloud's queue by test/contract/sqs-model.
 */
export class SqsModel {
  readonly name: string;
  readonly #settings: SqsSettings;
  readonly #nowMs: () => number;
  readonly #chance: SqsChance;
  readonly #entries = new Map<string, Entry>();
  /** Visible messages by group, in the order of turns. Deleted ones stay until their turn. */
  readonly #visible = new Map<string, Waiting>();
  /** Messages that are delayed or in flight by when they are due; what was shown or hidden anew stays in the list until its turn. */
  readonly #due = new MinHeap<Due>();
  #made = 0;
  #inFlight = 0;
  #delayed = 0;
  #visibleCount = 0;
  /** Told when a message can be received that could not before. */
  onVisible: () => void = () => undefined;
  /** Told when the next message becomes due earlier than was known. */
  onDue: (atMs: number) => void = () => undefined;
  /** Messages that went because they were older than the retention. */
  expired: unknown[] = [];

  constructor(settings: SqsSettings, nowMs: () => number, chance: SqsChance) {
    this.name = settings.name;
    this.#settings = settings;
    this.#nowMs = nowMs;
    this.#chance = chance;
  }

  send(body: unknown, options: { delaySeconds?: number | undefined; group?: string } = {}): string {
    const { delaySeconds = 0, group = '' } = options;
    if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > DELAY_SECONDS_MAX) {
      throw new RangeError(`DelaySeconds of ${delaySeconds}`);
    }
    this.#made += 1;
    const messageId = `${this.name}-${this.#made}`;
    const sentAtMs = this.#nowMs();
    this.#adopt({
      messageId,
      body,
      group,
      sentAtMs,
      receiveCount: 0,
      receivedAtMs: 0,
      state: 'delayed',
      dueAtMs: sentAtMs + delaySeconds * 1_000,
    });
    return messageId;
  }

  receive(max: number): SqsMessage[] {
    this.#advance();
    const taken: SqsMessage[] = [];
    while (
      taken.length < Math.min(max, RECEIVE_MAX) &&
      this.#inFlight < (this.#settings.inFlightMax ?? IN_FLIGHT_MAX)
    ) {
      const entry = this.#takeVisible();
      if (entry === undefined) break;
      const message = this.#handOut(entry);
      if (message !== undefined) taken.push(message);
    }
    if (taken.length < max && this.#visibleCount > 0) this.#settings.onFull?.();
    return taken;
  }

  /** Whether an older handle than the latest deletes nothing, which is no error. */
  delete(receiptHandle: string): boolean {
    const entry = this.#byHandle(receiptHandle);
    if (entry === undefined) return false;
    this.#remove(entry);
    return true;
  }

  /** Makes a deleted message come back, as a replica that slept through the deletion does. */
  restore(message: SqsMessage): void {
    const { messageId, body, sentAtMs, receiveCount } = message;
    const dueAtMs = this.#nowMs() + this.#settings.visibilitySeconds * 1_000;
    this.#adopt({ messageId, body, group: '', sentAtMs, receiveCount, receivedAtMs: 0, state: 'delayed', dueAtMs });
  }

  changeVisibility(receiptHandle: string, seconds: number): 'changed' | 'not in flight' | 'gone' | 'too long' {
    this.#advance();
    const entry = this.#byHandle(receiptHandle);
    if (entry === undefined) return 'gone';
    if (entry.state !== 'in flight') return 'not in flight';
    const dueAtMs = this.#nowMs() + seconds * 1_000;
    if (dueAtMs > entry.receivedAtMs + VISIBILITY_SECONDS_MAX * 1_000) return 'too long';
    if (seconds === 0) {
      this.#show(entry);
      this.onVisible();
    } else {
      this.#hide(entry, dueAtMs);
    }
    return 'changed';
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    this.#advance();
    return { visible: this.#visibleCount, inFlight: this.#inFlight, delayed: this.#delayed };
  }

  isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  nextDueAtMs(): number | undefined {
    for (let next = this.#due.first(); next !== undefined; next = this.#due.first()) {
      if (isStillDue(next)) return next.atMs;
      this.#due.take();
    }
    return undefined;
  }

  #adopt(entry: Entry): void {
    this.#entries.set(entry.messageId, entry);
    if (entry.dueAtMs <= this.#nowMs()) {
      this.#addVisible(entry);
      this.onVisible();
      return;
    }
    entry.state = 'delayed';
    this.#delayed += 1;
    this.#hide(entry, entry.dueAtMs);
  }

  #handOut(entry: Entry): SqsMessage | undefined {
    const nowMs = this.#nowMs();
    const { redrive, retentionSeconds, visibilitySeconds } = this.#settings;
    if (nowMs - entry.sentAtMs >= retentionSeconds * 1_000) {
      this.#entries.delete(entry.messageId);
      entry.state = 'gone';
      this.expired.push(entry.body);
      return undefined;
    }
    if (redrive !== undefined && entry.receiveCount >= redrive.maxReceiveCount) {
      this.#entries.delete(entry.messageId);
      entry.state = 'gone';
      this.#settings.onMoved?.();
      redrive.to.#adopt({ ...entry, messageId: `${entry.messageId}*`, dueAtMs: nowMs });
      return undefined;
    }
    const duplicates = this.#chance.duplicates();
    if (duplicates !== 'uncounted') entry.receiveCount += 1;
    entry.receivedAtMs = nowMs;
    const { messageId, body, sentAtMs, receiveCount } = entry;
    const receiptHandle = `${messageId} ${receiveCount}`;
    if (duplicates === 'no') {
      this.#inFlight += 1;
      entry.state = 'in flight';
      this.#hide(entry, nowMs + visibilitySeconds * 1_000);
    } else {
      this.#addVisible(entry);
    }
    return { messageId, receiptHandle, body, receiveCount: Math.max(1, receiveCount), sentAtMs };
  }

  #byHandle(receiptHandle: string): Entry | undefined {
    const space = receiptHandle.lastIndexOf(' ');
    const entry = this.#entries.get(receiptHandle.slice(0, space));
    return entry?.receiveCount === Number(receiptHandle.slice(space + 1)) ? entry : undefined;
  }

  #hide(entry: Entry, dueAtMs: number): void {
    entry.dueAtMs = dueAtMs;
    this.#due.add(dueAtMs, { atMs: dueAtMs, entry });
    this.onDue(dueAtMs);
  }

  #show(entry: Entry): void {
    if (entry.state === 'in flight') this.#inFlight -= 1;
    if (entry.state === 'delayed') this.#delayed -= 1;
    this.#addVisible(entry);
  }

  #remove(entry: Entry): void {
    if (entry.state === 'in flight') this.#inFlight -= 1;
    if (entry.state === 'delayed') this.#delayed -= 1;
    if (entry.state === 'visible') this.#visibleCount -= 1;
    entry.state = 'gone';
    this.#entries.delete(entry.messageId);
  }

  #addVisible(entry: Entry): void {
    entry.state = 'visible';
    this.#visibleCount += 1;
    const waiting = this.#visible.get(entry.group);
    if (waiting === undefined) this.#visible.set(entry.group, { entries: [entry], head: 0 });
    else waiting.entries.push(entry);
  }

  /** One of the first few of the group whose turn it is. */
  #takeVisible(): Entry | undefined {
    for (const [name, waiting] of this.#visible) {
      const { entries } = waiting;
      // To the end of the round: groups take turns.
      this.#visible.delete(name);
      while (entries[waiting.head]?.state === 'gone') waiting.head += 1;
      const first = entries[waiting.head];
      if (first === undefined) continue;
      const index =
        waiting.head + this.#chance.random.whole(0, Math.min(REORDER_MAX, entries.length - waiting.head) - 1);
      const chosen = entries[index] ?? first;
      entries[index] = first;
      waiting.head += 1;
      if (waiting.head >= TRIM_AT && waiting.head * 2 >= entries.length) {
        waiting.entries = entries.slice(waiting.head);
        waiting.head = 0;
      }
      if (waiting.head < waiting.entries.length) this.#visible.set(name, waiting);
      if (chosen.state !== 'visible') continue;
      this.#visibleCount -= 1;
      return chosen;
    }
    return undefined;
  }

  #advance(): void {
    const nowMs = this.#nowMs();
    for (let next = this.#due.first(); next !== undefined && next.atMs <= nowMs; next = this.#due.first()) {
      this.#due.take();
      if (isStillDue(next)) this.#show(next.entry);
    }
  }
}

/** A date that still holds: the message was neither deleted, nor shown, nor given another date since. */
const isStillDue = ({ atMs, entry }: Due): boolean =>
  (entry.state === 'in flight' || entry.state === 'delayed') && entry.dueAtMs === atMs;
