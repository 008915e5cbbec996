import * as fc from 'fast-check';
import { type Entry, NOISY_IN_FLIGHT, queueIndex } from '../../../../local/sqs/queue-index.ts';

const anEntry = (seq: number, group?: string, more: Partial<Entry> = {}): Entry => ({
  seq,
  bytes: 1,
  group,
  sentAtMs: 0,
  enqueuedAtMs: 0,
  receiveCount: 0,
  firstReceivedAtMs: undefined,
  receivedAtMs: 0,
  dueAtMs: 0,
  state: 'visible',
  ...more,
});

const take = (index: ReturnType<typeof queueIndex>): Entry => {
  const entry = index.takeVisible();
  if (entry === undefined) throw new Error('The queue was expected to have a visible message.');
  return entry;
};

// AWS, "Amazon SQS fair queues": messages of quiet groups are handed out before the backlog of a noisy one.
test('a quiet group is served second although 200 messages of another came first', () => {
  const index = queueIndex();
  for (let seq = 1; seq <= 200; seq++) index.add(anEntry(seq, 'noisy'));
  index.add(anEntry(201, 'quiet'));
  expect([take(index).seq, take(index).seq, take(index).seq]).toEqual([1, 201, 2]);
});

test('a quiet group is served before a noisy one that has much in flight, however often it comes', () => {
  const index = queueIndex();
  for (let seq = 1; seq <= 100; seq++) index.add(anEntry(seq, 'noisy'));
  for (let taken = 0; taken < NOISY_IN_FLIGHT + 10; taken++) index.hide(take(index), 1_000);
  for (let round = 0; round < 5; round++) {
    index.add(anEntry(1_000 + round, 'quiet'));
    const served = take(index);
    expect(served.group).toBe('quiet');
    index.remove(served);
  }
});

test('without groups messages come in the order in which they became visible', () => {
  const index = queueIndex();
  index.add(anEntry(1, undefined, { state: 'delayed', dueAtMs: 50 }));
  index.add(anEntry(2));
  index.add(anEntry(3, undefined, { state: 'delayed', dueAtMs: 20 }));
  index.advanceTo(60);
  expect([take(index).seq, take(index).seq, take(index).seq]).toEqual([2, 3, 1]);
  expect(index.takeVisible()).toBeUndefined();
});

test('a message that was deleted while it waited is passed over', () => {
  const index = queueIndex();
  const first = anEntry(1);
  index.add(first);
  index.add(anEntry(2));
  index.remove(first);
  expect(take(index).seq).toBe(2);
  expect(index.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
});

type Step = { kind: 'send' | 'delay' | 'take' | 'show' | 'extend' | 'delete' | 'pass'; pick: number };
const STEP = fc.record<Step>({
  kind: fc.constantFrom('send', 'send', 'delay', 'take', 'take', 'show', 'extend', 'delete', 'pass'),
  pick: fc.nat(1_000),
});

test('whatever is done to a queue, each message is in exactly one place, and the group served has the fewest in flight', () => {
  fc.assert(
    fc.property(fc.array(STEP, { maxLength: 120 }), (steps) => {
      const index = queueIndex();
      const model = new Map<number, { entry: Entry; place: 'visible' | 'in-flight' | 'delayed'; dueAtMs: number }>();
      let nowMs = 0;
      let seq = 0;
      const inFlightOf = (group: string | undefined) =>
        [...model.values()].filter((one) => one.place === 'in-flight' && one.entry.group === group).length;
      const picked = (place: string, pick: number) => {
        const those = [...model.values()].filter((one) => one.place === place);
        return those[pick % Math.max(1, those.length)];
      };
      for (const { kind, pick } of steps) {
        const flying = picked('in-flight', pick);
        if (kind === 'send' || kind === 'delay') {
          seq += 1;
          const dueAtMs = kind === 'delay' ? nowMs + 1 + (pick % 20) : nowMs;
          const place = kind === 'delay' ? 'delayed' : 'visible';
          const entry = anEntry(seq, `g${pick % 4}`, { state: place, dueAtMs });
          model.set(seq, { entry, place, dueAtMs });
          index.add(entry);
        } else if (kind === 'take') {
          const visible = [...model.values()].filter((one) => one.place === 'visible');
          const fewest = Math.min(...visible.map((one) => inFlightOf(one.entry.group)));
          const entry = index.takeVisible();
          expect(entry === undefined).toBe(visible.length === 0);
          const known = entry && model.get(entry.seq);
          if (entry === undefined || known === undefined) continue;
          expect(inFlightOf(entry.group)).toBe(fewest);
          index.hide(entry, nowMs + 10);
          Object.assign(known, { place: 'in-flight', dueAtMs: nowMs + 10 });
        } else if (kind === 'show' && flying !== undefined) {
          index.show(flying.entry);
          flying.place = 'visible';
        } else if (kind === 'extend' && flying !== undefined) {
          index.hide(flying.entry, nowMs + pick);
          flying.dueAtMs = nowMs + pick;
        } else if (kind === 'delete') {
          const one = [...model.values()][pick % Math.max(1, model.size)];
          if (one !== undefined) {
            index.remove(one.entry);
            model.delete(one.entry.seq);
          }
        } else if (kind === 'pass') {
          nowMs += pick % 15;
          index.advanceTo(nowMs);
          for (const one of model.values()) if (one.place !== 'visible' && one.dueAtMs <= nowMs) one.place = 'visible';
        }
        const places = [...model.values()].map((one) => one.place);
        expect(index.counts()).toEqual({
          visible: places.filter((place) => place === 'visible').length,
          inFlight: places.filter((place) => place === 'in-flight').length,
          delayed: places.filter((place) => place === 'delayed').length,
        });
      }
      const due = [...model.values()].filter((one) => one.place !== 'visible').map((one) => one.dueAtMs);
      expect(index.nextDueAtMs()).toBe(due.length === 0 ? undefined : Math.min(...due));
    }),
    { numRuns: 200 },
  );
});
