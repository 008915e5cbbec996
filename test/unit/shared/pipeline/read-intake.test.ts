import { readIntake, readPlanned } from '../../../../shared/pipeline/read-intake.ts';
import { EVENT_BYTES_MAX } from '../../../../shared/config/limits.ts';
import { aBatch, anIntakeMessage, aTrack } from '../../../builders/intake-message.ts';
import { intakeIdOf } from '../../../builders/ledger-rows.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const source = aSource({ kind: 'server' });
const idsOf = (reading: ReturnType<typeof readIntake>) =>
  reading.events.map(({ index, event }) => [index, event.messageId]);

test('a single event takes its type from the endpoint', () => {
  const reading = readIntake(anIntakeMessage({ kind: 'page', body: { userId: 'u', type: 'track' } }), source);
  expect(reading).toMatchObject({
    received: 1,
    invalid: {},
    repeats: 0,
    events: [{ index: 0, event: { type: 'page' } }],
  });
});

test('a batch is judged event by event: the good ones go on, the bad ones are counted by reason', () => {
  const reading = readIntake(
    aBatch([aTrack('a'), 7, aTrack('b', { event: '' }), aTrack('c', { userId: 3 }), { type: 'x' }, aTrack('d')]),
    source,
  );
  expect(reading.received).toBe(6);
  expect(reading.invalid).toEqual({ not_an_object: 1, event_not_defined: 1, id_not_string: 1, unknown_type: 1 });
  expect(idsOf(reading)).toEqual([
    [0, 'a'],
    [5, 'd'],
  ]);
});

test('a repeat inside one message is removed in memory, the first stays (design 2)', () => {
  const reading = readIntake(aBatch([aTrack('a'), aTrack('b'), aTrack('a', { event: 'other' })]), source);
  expect(reading).toMatchObject({ received: 3, repeats: 1 });
  expect(idsOf(reading)).toEqual([
    [0, 'a'],
    [1, 'b'],
  ]);
});

test('missing messageIds come from the place in the message, so they differ, and are the same each time (E17)', () => {
  const message = aBatch([aTrack('', {}), aTrack('')]);
  expect(idsOf(readIntake(message, source))).toEqual([
    [0, `${intakeIdOf(1)}-0`],
    [1, `${intakeIdOf(1)}-1`],
  ]);
});

const padded = (bytes: number) => {
  const bare = Buffer.byteLength(JSON.stringify(aTrack('a', { p: '' })));
  return aTrack('a', { p: 'x'.repeat(bytes - bare) });
};

test.each([
  ['of exactly 32 KB is taken, whatever we add to it', padded(EVENT_BYTES_MAX), 1, {}],
  ['one byte larger is not, and its neighbours are (E06)', padded(EVENT_BYTES_MAX + 1), 0, { event_too_large: 1 }],
  // 21 digits for 4 characters: what we send on is what counts.
  [
    'whose numbers swell when written again is not',
    aTrack('a', { n: Array.from({ length: 3_000 }, () => 1e20) }),
    0,
    { event_too_large: 1 },
  ],
])('an event %s', (_case, event, taken, invalid) => {
  const reading = readIntake(aBatch([event, aTrack('b')]), source);
  expect(reading.events).toHaveLength(taken + 1);
  expect(reading.invalid).toEqual(invalid);
});

test.each([
  ['an empty batch', { batch: [] }],
  ['a batch that is no list', { batch: { 0: aTrack('a') } }],
  ['no batch', {}],
  ['a body that is a list', [aTrack('a')]],
])('%s counts as one that is invalid', (_case, body) => {
  expect(readIntake(anIntakeMessage({ kind: 'batch', body }), source)).toMatchObject({
    received: 1,
    invalid: { empty_batch: 1 },
    events: [],
  });
});

test('bytes are those on the queue, in UTF-8 and with what SQS refuses escaped', () => {
  const [read] = readIntake(aBatch([aTrack('a', { p: 'é😀\uFFFF' })]), source).events;
  const text = JSON.stringify(read?.event).replace('\uFFFF', '\\uffff');
  expect(read?.bytes).toBe(Buffer.byteLength(text));
});

test('of an event of a source that is gone, no channel and no address is made up', () => {
  const [read] = readIntake(anIntakeMessage(), undefined).events;
  expect(read?.event).not.toHaveProperty('channel');
  expect(read?.event.context).toEqual({});
});

test('what a plan names is read by its indexes as it was planned, and not judged again', () => {
  const message = aBatch([7, aTrack('a'), aTrack('a'), { type: 'page', userId: 'u', name: 5 }, aTrack('b')]);
  const events = readPlanned(message, source, [1, 3, 4]);
  expect(events.map(({ index, event }) => [index, event.type])).toEqual([
    [1, 'track'],
    [3, 'page'],
    [4, 'track'],
  ]);
  const judged = readIntake(message, source).events;
  expect([events[0], events[2]]).toEqual(judged);
});

test('a plan that names what is no event of its message is a bug', () => {
  expect(() => readPlanned(aBatch([7]), source, [0])).toThrow('Invariant');
  expect(() => readPlanned(aBatch([]), source, [0])).toThrow('Invariant');
});
