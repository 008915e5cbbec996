import { debugSampler } from '../../../../functions/route/debug-sampler.ts';
import type { DebugStore } from '../../../../shared/ports/debug-store.ts';
import { fakeDebugStore } from '../../../builders/debug-items.ts';
import { aBatch, anIntakeMessage, aTrack } from '../../../builders/intake-message.ts';
import { intakeIdOf } from '../../../builders/ledger-rows.ts';
import { routedMessage } from '../../../builders/routed-message.ts';
import { aTarget, aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const START_MS = Date.parse('2026-11-24T10:15:00.000Z');
const FULL: DebugStore['lease'] = async () => ({ granted: false, fill: 1 });

function setUp(lease?: DebugStore['lease']) {
  const fake = fakeDebugStore(lease);
  let nowMs = START_MS;
  const warned: unknown[] = [];
  let failing = 0;
  const waited: number[] = [];
  const sampler = debugSampler({
    store: {
      ...fake.store,
      pack: (write) => {
        const packed = fake.store.pack(write);
        const put = async () => {
          if (failing > 0) {
            failing -= 1;
            throw new Error('throttled');
          }
          await packed.put();
        };
        return { ...packed, put };
      },
    },
    now: () => new Date(nowMs),
    wait: async (ms) => {
      waited.push(ms);
    },
    warn: (error) => warned.push(error),
  });
  return {
    ...fake,
    sampler,
    warned,
    waited,
    fail: (puts: number) => (failing = puts),
    pass: (ms: number) => (nowMs += ms),
  };
}

const numbered = (number: number, events = 1) =>
  routedMessage(
    aBatch(
      Array.from({ length: events }, (_, at) => aTrack(`m${number}-${at}`)),
      { intakeId: intakeIdOf(number) },
    ),
  );

test('a quiet source is kept whole, each event with its verdict, as it came and as it was made', async () => {
  const { sampler, entries } = setUp();
  const batch = [aTrack('ok'), aTrack('ok'), aTrack('seen'), { type: 'track', userId: 'u1', messageId: 'bad' }, 5];
  const message = aBatch(batch, { body: { batch, writeKey: 'secret-key', context: { app: { version: '2' } } } });
  await sampler.keep([routedMessage(message, { duplicates: ['seen'] })]);
  expect(
    entries()
      .toSorted((a, b) => a.index - b.index)
      .map(({ index, verdict, reason, raw }) => [index, verdict, reason, raw]),
  ).toEqual([
    [0, 'ALLOWED', undefined, { ...aTrack('ok'), context: { app: { version: '2' } } }],
    [1, 'DUPLICATE', 'duplicate', expect.objectContaining({ messageId: 'ok' })],
    [2, 'DUPLICATE', 'duplicate', expect.objectContaining({ messageId: 'seen' })],
    [3, 'INVALID', 'event_not_defined', expect.objectContaining({ messageId: 'bad' })],
    [4, 'INVALID', 'not_an_object', 5],
  ]);
  const [first] = entries().filter(({ index }) => index === 0);
  expect(first).toMatchObject({
    event: { messageId: 'ok', receivedAt: '2026-11-24T10:15:00.000Z' },
    destinations: [{ id: 'dst_x', mappings: ['map_x_0'] }],
  });
  expect(JSON.stringify(entries())).not.toContain('secret-key');
});

test('a body without events is shown as it came', async () => {
  const { sampler, entries } = setUp();
  await sampler.keep([routedMessage(aBatch([]))]);
  expect(entries()).toEqual([
    expect.objectContaining({ verdict: 'INVALID', reason: 'empty_batch', raw: { batch: [] } }),
  ]);
});

test('a write key in an event is not shown', async () => {
  const { sampler, entries } = setUp();
  await sampler.keep([routedMessage(anIntakeMessage({ body: { ...aTrack('m1'), writeKey: 'secret-key' } }))]);
  expect(entries()).toHaveLength(1);
  expect(JSON.stringify(entries())).not.toContain('secret-key');
});

test('events of suppressed users never show, valid or not, first or repeated', async () => {
  const { sampler, entries } = setUp();
  const config = { ...aWorkspaceConfig([aTarget('x')]), suppressed: new Set(['gone']) };
  const of = (messageId: string, over: object = {}) => aTrack(messageId, { userId: 'gone', ...over });
  const batch = [of('a'), of('b'), of('c', { event: '' }), aTrack('d')];
  await sampler.keep([routedMessage(aBatch(batch), { config, duplicates: ['b'] })]);
  expect(entries().map(({ index }) => index)).toEqual([3]);
});

test('a hostile payload is bounded: what is too long is cut, depth and prototype names are data', async () => {
  const { sampler, entries } = setUp();
  const body = JSON.parse(
    `{"batch":[{"type":"track","userId":"u1","event":"x","__proto__":{"a":1},"properties":{"big":"${'y'.repeat(200_000)}"}}]}`,
  ) as unknown;
  await sampler.keep([routedMessage(aBatch([], { body }))]);
  const [entry] = entries();
  expect(entry).toMatchObject({ verdict: 'INVALID', reason: 'event_too_large', isShortened: true });
  expect(JSON.stringify(entry).length).toBeLessThan(20_000);
  expect(JSON.stringify(entry)).toContain('"__proto__":{"a":1}');
});

test('where the bucket is full, each reason is shown once a minute, and nothing else', async () => {
  const { sampler, entries, pass, leases } = setUp(async (_source, _bytes, kind) => ({
    granted: kind === 'reserve',
    fill: 1,
  }));
  const config = aWorkspaceConfig([aTarget('x', ['event = "Never"']), aTarget('y')]);
  const batch = [
    ...Array.from({ length: 50 }, (_, n) => aTrack(`m${n}`)),
    { type: 'nothing' },
    { type: 'track', userId: 'u1' },
  ];
  for (let number = 1; number <= 120; number += 1) {
    await sampler.keep([routedMessage(aBatch(batch, { intakeId: intakeIdOf(number) }), { config })]);
    pass(500);
  }
  const reasons = entries().map(
    ({ reason, destinations }) => reason ?? destinations?.find((one) => one.reason)?.reason,
  );
  expect(reasons).toHaveLength(3);
  expect(new Set(reasons)).toEqual(new Set(['NO_MATCHING_MAPPING', 'event_not_defined', 'unknown_type']));
  // A refused ask is billed: it is not made with each request.
  expect(leases.filter(({ granted }) => !granted).length).toBeLessThan(5);
  pass(60_000);
  await sampler.keep([routedMessage(aBatch(batch, { intakeId: intakeIdOf(999) }), { config })]);
  expect(entries().length).toBe(6);
});

test('an environment that is refused says later how many events nobody saw', async () => {
  let isFull = true;
  const { sampler, writes, pass } = setUp(async () => ({ granted: !isFull, fill: isFull ? 1 : 0 }));
  for (let number = 1; number <= 10; number += 1) await sampler.keep([numbered(number, 20)]);
  expect(writes).toEqual([]);
  isFull = false;
  pass(300_000);
  await sampler.keep([numbered(11, 20)]);
  // It begins small: of 20, every fourth.
  expect(writes.map(({ seen, entries }) => [seen, entries.length])).toEqual([[220, 5]]);
});

test('a source that keeps all, and a test event, pass a full bucket; a time that is over does not', async () => {
  const { sampler, entries } = setUp(FULL);
  const keeping = aWorkspaceConfig([], [aSource({ keepAllUntil: '2026-11-24T10:20:00.000Z' })]);
  const over = aWorkspaceConfig([], [aSource({ keepAllUntil: '2026-11-24T10:14:00.000Z' })]);
  const many = aBatch(Array.from({ length: 1_200 }, (_, n) => aTrack(`k${n}`)));
  await sampler.keep([routedMessage(many, { config: keeping })]);
  expect(entries()).toHaveLength(1_200);
  await sampler.keep([routedMessage(aBatch([aTrack('late')], { intakeId: intakeIdOf(2) }), { config: over })]);
  expect(entries()).toHaveLength(1_200);
  await sampler.keep([routedMessage(aBatch([aTrack('t')], { intakeId: intakeIdOf(3), test: true }))]);
  expect(entries().at(-1)).toMatchObject({ isTest: true, raw: { messageId: 't' } });
});

test('a store that is away holds up nobody', async () => {
  const { sampler, warned } = setUp(async () => {
    throw new Error('the table is away');
  });
  await expect(sampler.keep([numbered(1)])).resolves.toBeUndefined();
  expect(warned).toHaveLength(1);
});

test('what is padded so that it compresses to nothing is billed by its text: it fills the bucket of its source (T9)', async () => {
  const { sampler, leases, writes } = setUp();
  const padded = Array.from({ length: 19 }, (_, at) => aTrack(`p${at}`, { properties: { pad: 'a'.repeat(15_000) } }));
  for (let number = 1; number <= 10; number += 1) {
    await sampler.keep([routedMessage(aBatch(padded, { intakeId: intakeIdOf(number) }))]);
  }
  // Some 575,000 characters each, 4,000 bytes as the fake says: of these, eight would share a lease of 32 KB.
  expect([writes.length, leases.length]).toEqual([10, 9]);
});

test('a test event is tried again where the table is busy, and what could not be kept at last keeps nothing else out', async () => {
  const { sampler, entries, fail, waited, warned } = setUp(FULL);
  const tested = (number: number) =>
    sampler.keep([routedMessage(aBatch([aTrack(`t${number}`)], { intakeId: intakeIdOf(number), test: true }))]);
  fail(2);
  await tested(1);
  expect([entries().length, waited, warned]).toEqual([1, [100, 400], []]);
  fail(3);
  const keeping = aWorkspaceConfig([], [aSource({ keepAllUntil: '2026-11-24T10:20:00.000Z' })]);
  const many = aBatch(Array.from({ length: 1_200 }, (_, n) => aTrack(`k${n}`)));
  await sampler.keep([routedMessage(many, { config: keeping })]);
  // The first item of 250 is lost, the others are not.
  expect([entries().length, warned.length]).toEqual([951, 1]);
});

test('events of an item that could not be written are told of by the next', async () => {
  const { sampler, writes, fail, warned } = setUp();
  fail(1);
  await sampler.keep([numbered(1, 20)]);
  await sampler.keep([numbered(2, 20)]);
  expect([warned.length, writes.map(({ seen, entries }) => [seen, entries.length])]).toEqual([1, [[40, 20]]]);
});
