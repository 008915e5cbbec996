/** AWS quota: messages in flight of a standard queue ("Amazon SQS message quotas"). */
export const IN_FLIGHT_MAX = 120_000;
/** From this many messages in flight on, AWS may take a message group for a noisy neighbour ("Amazon SQS fair queues"). */
export const NOISY_IN_FLIGHT = 30;
/** A list of waiting messages is trimmed when this many at its front are gone. */
const TRIM_AT = 1_024;

/** What memory keeps of a message; its body lies in the store. Times are milliseconds since the epoch. */
export type Entry = {
  readonly seq: number;
  readonly bytes: number;
  readonly group: string | undefined;
  /** First enqueue time; a move to a dead-letter queue keeps it. */
  readonly sentAtMs: number;
  /** When it came into this queue. */
  enqueuedAtMs: number;
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
  receivedAtMs: number;
  /** When a delayed or in-flight message can be received (again). */
  dueAtMs: number;
  state: 'delayed' | 'visible' | 'in-flight' | 'gone';
};

type Group = { name: string | undefined; waiting: Entry[]; head: number; visible: number; inFlight: number };
type Due = { atMs: number; entry: Entry };

export type QueueIndex = {
  get(seq: number): Entry | undefined;
  entries(): IterableIterator<Entry>;
  counts(): { visible: number; inFlight: number; delayed: number };
  /** Takes up a message whose `state` and `dueAtMs` are set. */
  add(entry: Entry): void;
  /** The next message in fair order, or undefined. The caller passes it on to `hide` or `remove`, or gives it back by `show`. */
  takeVisible(): Entry | undefined;
  /** The message that `takeVisible` would give, without taking it. */
  peekVisible(): Entry | undefined;
  hide(entry: Entry, dueAtMs: number): void;
  show(entry: Entry): void;
  remove(entry: Entry): void;
  clear(): void;
  /** Makes visible what is due, oldest due first. */
  advanceTo(nowMs: number): void;
  /** When the next delayed or in-flight message is due. */
  nextDueAtMs(): number | undefined;
};

/**
 * The order in which one standard queue hands out its messages. Groups take turns: first those with the fewest messages in flight, and
 * among equals the one that was served longest ago, so a quiet group never waits behind the backlog of another. All groups with 30 or more
 * in flight count as equally noisy. Messages without a group form one group. Within a group, in order of becoming visible.
 */
export function queueIndex(): QueueIndex {
  const all = new Map<number, Entry>();
  const groups = new Map<string | undefined, Group>();
  const ranks: Set<Group>[] = Array.from({ length: NOISY_IN_FLIGHT + 1 }, () => new Set());
  const due = dueHeap();
  let visible = 0;
  let inFlight = 0;
  let delayed = 0;

  const groupOf = (entry: Entry): Group => {
    let group = groups.get(entry.group);
    if (group === undefined) {
      group = { name: entry.group, waiting: [], head: 0, visible: 0, inFlight: 0 };
      groups.set(entry.group, group);
    }
    return group;
  };
  const rankOf = (group: Group): Set<Group> => ranks[Math.min(group.inFlight, NOISY_IN_FLIGHT)] ?? new Set();

  /** Changes a group's numbers and puts it where they belong. A group that keeps its rank keeps its turn, unless it was just served. */
  const count = (group: Group, visibleBy: number, inFlightBy: number, served = false) => {
    const before = rankOf(group);
    group.visible += visibleBy;
    group.inFlight += inFlightBy;
    visible += visibleBy;
    inFlight += inFlightBy;
    const after = rankOf(group);
    if (before !== after || served || group.visible === 0) before.delete(group);
    if (group.visible > 0) after.add(group);
    else if (group.inFlight === 0) groups.delete(group.name);
  };
  const leave = (entry: Entry) => {
    if (entry.state === 'visible') count(groupOf(entry), -1, 0);
    if (entry.state === 'in-flight') count(groupOf(entry), 0, -1);
    if (entry.state === 'delayed') delayed -= 1;
  };
  const wait = (entry: Entry) => {
    const group = groupOf(entry);
    group.waiting.push(entry);
    count(group, 1, 0);
  };
  /** The front of a group's list, past those that were deleted while they waited. */
  const front = (group: Group): Entry | undefined => {
    while (group.head < group.waiting.length) {
      const entry = group.waiting[group.head];
      if (entry?.state === 'visible') return entry;
      group.head += 1;
    }
    return undefined;
  };
  const nextGroup = (): Group | undefined => {
    for (const rank of ranks) for (const group of rank) return group;
    return undefined;
  };

  return {
    get: (seq) => all.get(seq),
    entries: () => all.values(),
    counts: () => ({ visible, inFlight, delayed }),
    add: (entry) => {
      all.set(entry.seq, entry);
      if (entry.state === 'visible') {
        wait(entry);
      } else {
        if (entry.state === 'in-flight') count(groupOf(entry), 0, 1);
        else delayed += 1;
        due.push({ atMs: entry.dueAtMs, entry });
      }
    },
    peekVisible: () => {
      const group = nextGroup();
      return group && front(group);
    },
    takeVisible: () => {
      const group = nextGroup();
      const entry = group && front(group);
      if (group === undefined || entry === undefined) return undefined;
      group.head += 1;
      if (group.head >= TRIM_AT && group.head * 2 >= group.waiting.length) {
        group.waiting = group.waiting.slice(group.head);
        group.head = 0;
      }
      entry.state = 'in-flight';
      count(group, -1, 1, true);
      return entry;
    },
    hide: (entry, dueAtMs) => {
      entry.dueAtMs = dueAtMs;
      due.push({ atMs: dueAtMs, entry });
    },
    show: (entry) => {
      leave(entry);
      entry.state = 'visible';
      wait(entry);
    },
    remove: (entry) => {
      leave(entry);
      entry.state = 'gone';
      all.delete(entry.seq);
    },
    clear: () => {
      for (const entry of all.values()) entry.state = 'gone';
      all.clear();
      groups.clear();
      for (const rank of ranks) rank.clear();
      due.clear();
      visible = 0;
      inFlight = 0;
      delayed = 0;
    },
    advanceTo: (nowMs) => {
      for (let next = due.first(); next !== undefined && next.atMs <= nowMs; next = due.first()) {
        due.shift();
        if (!isDue(next)) continue;
        leave(next.entry);
        next.entry.state = 'visible';
        wait(next.entry);
      }
    },
    nextDueAtMs: () => {
      for (let next = due.first(); next !== undefined; next = due.first()) {
        if (isDue(next)) return next.atMs;
        due.shift();
      }
      return undefined;
    },
  };
}

/** A date that still holds: the message was neither deleted, nor shown, nor given another date since. */
const isDue = ({ atMs, entry }: Due): boolean =>
  (entry.state === 'in-flight' || entry.state === 'delayed') && entry.dueAtMs === atMs;

/** A binary heap, earliest first. */
function dueHeap() {
  let heap: Due[] = [];
  const at = (index: number): number => heap[index]?.atMs ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number) => {
    const [left, right] = [heap[a], heap[b]];
    if (left === undefined || right === undefined) return;
    heap[a] = right;
    heap[b] = left;
  };
  return {
    first: (): Due | undefined => heap[0],
    clear: () => {
      heap = [];
    },
    push: (item: Due) => {
      heap.push(item);
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (at(parent) <= item.atMs) break;
        swap(index, parent);
        index = parent;
      }
    },
    shift: () => {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      heap[0] = last;
      for (let index = 0; ; ) {
        const left = 2 * index + 1;
        const smaller = at(left + 1) < at(left) ? left + 1 : left;
        if (at(smaller) >= at(index)) break;
        swap(index, smaller);
        index = smaller;
      }
    },
  };
}
