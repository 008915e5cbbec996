import { readIntake, readPlanned } from '../../../../shared/pipeline/read-intake.ts';
import { EVENT_BYTES_MAX, EVENT_PROPERTIES_MAX, MERGED_BATCH_BYTES_MAX } from '../../../../shared/config/limits.ts';
import { aBatch, anIntakeMessage, aTrack } from '../../../builders/intake-message.ts';
import { intakeIdOf } from '../../../builders/ledger-rows.ts';
import { aSource, aSourceSchema } from '../../../builders/workspace-things.ts';

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

const withContext = (over: Record<string, unknown>, batch: unknown[]) =>
  anIntakeMessage({ kind: 'batch', body: { batch, ...over } });

test('context and integrations of a batch are in each event, whose own go before (E13)', () => {
  const message = withContext(
    {
      context: { app: { name: 'Shop', version: '2' }, ip: '198.51.100.9', tags: ['a'], direct: true },
      integrations: { All: false, Slack: { channel: 'x', as: 'bot' } },
    },
    [
      aTrack('bare'),
      aTrack('own', {
        context: { app: { version: '3' }, ip: null, tags: ['b'], page: { url: 'u' } },
        integrations: { Slack: { channel: 'y' }, All: true },
      }),
      aTrack('wrong', { context: 'x', integrations: null }),
    ],
  );
  const [bare, own, wrong] = readIntake(message, source).events.map(({ event }) => event);
  expect(bare).toMatchObject({
    context: { app: { name: 'Shop', version: '2' }, ip: '198.51.100.9', tags: ['a'] },
    integrations: { All: false, Slack: { channel: 'x', as: 'bot' } },
  });
  expect(own?.context).toEqual({
    app: { name: 'Shop', version: '3' },
    ip: null,
    tags: ['b'],
    page: { url: 'u' },
    direct: true,
  });
  expect(own?.integrations).toEqual({ All: true, Slack: { channel: 'y' } });
  expect(wrong).toMatchObject({ context: {}, integrations: { All: false, Slack: { channel: 'x', as: 'bot' } } });
  expect(readPlanned(message, source, [0, 1, 2]).map(({ event }) => event)).toEqual([bare, own, wrong]);
});

test('a batch whose address is the caller’s says so for each of its events (E13, E19)', () => {
  const [read] = readIntake(withContext({ context: { direct: true } }, [aTrack('a')]), source).events;
  expect(read?.event.context).toEqual({ direct: true, ip: '203.0.113.7' });
});

test('hostile keys of a batch’s context stay data (T11)', () => {
  const body = JSON.parse(
    `{"context":{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":2}}},
      "batch":[{"type":"track","userId":"u","event":"E","context":{"a":{"b":1,"__proto__":{"own":3}}}}]}`,
  );
  const [read] = readIntake(anIntakeMessage({ kind: 'batch', body }), source).events;
  expect(JSON.stringify(read?.event.context)).toBe(
    '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":2,"own":3},"b":1}}',
  );
  expect(Object.getPrototypeOf(read?.event.context)).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('an event over 32 KB once the batch’s context is in it is rejected alone (E13, E14)', () => {
  const message = withContext({ context: { filler: 'x'.repeat(20_000) } }, [
    aTrack('large', { p: 'x'.repeat(15_000) }),
    aTrack('small'),
    aTrack('overrides', { p: 'x'.repeat(15_000), context: { filler: '' } }),
  ]);
  const reading = readIntake(message, source);
  expect(reading.invalid).toEqual({ event_too_large: 1 });
  expect(idsOf(reading)).toEqual([
    [1, 'small'],
    [2, 'overrides'],
  ]);
});

test('a context that is too large for any event is put into none (E14)', () => {
  const message = withContext({ context: { filler: 'x'.repeat(EVENT_BYTES_MAX) } }, [aTrack('a'), 7, aTrack('b')]);
  expect(readIntake(message, source)).toMatchObject({ received: 3, events: [], invalid: { event_too_large: 3 } });
});

test('what a batch’s context makes of 500 KB is bounded: 2,500 events of 30 KB are not made', () => {
  const ids = Array.from({ length: 2_500 }, (_, at) => `m${at}`);
  const message = withContext(
    { context: { filler: 'x'.repeat(30_000) } },
    ids.map((id) => aTrack(id)),
  );
  const reading = readIntake(message, source);
  const bytes = reading.events.reduce((sum, event) => sum + event.bytes, 0);
  expect(bytes).toBeLessThanOrEqual(MERGED_BATCH_BYTES_MAX);
  expect(bytes).toBeGreaterThan(MERGED_BATCH_BYTES_MAX - EVENT_BYTES_MAX);
  expect(reading.invalid).toEqual({ event_too_large: 2_500 - reading.events.length });
  const modest = withContext(
    { context: { filler: 'x'.repeat(1_000) } },
    ids.map((id) => aTrack(id)),
  );
  expect(readIntake(modest, source).events).toHaveLength(2_500);
});

test('the most properties that 32 KB can hold are fewer than 10,000, and none is dropped (E20)', () => {
  // Chains of the shortest keys, as deep as JSON may be, side by side: five bytes each.
  const chain = '{"":'.repeat(90) + '0' + '}'.repeat(90);
  const list = `[${Array.from({ length: 71 }, () => chain).join()}]`;
  const body = JSON.parse(`{"userId":"u","event":"E","messageId":"m","properties":{"a":${list}}}`);
  expect(JSON.stringify(body).length).toBeGreaterThan(0.97 * EVENT_BYTES_MAX);
  const [read] = readIntake(anIntakeMessage({ body }), source).events;
  expect(read?.event['properties']).toEqual(body.properties);
  expect(EVENT_BYTES_MAX / '"":0,'.length).toBeLessThan(EVENT_PROPERTIES_MAX);
});

test('a number beyond a double is null from the first stage on, all others are doubles (T12)', () => {
  const body = JSON.parse(
    '{"userId":"u","event":"E","messageId":"m","properties":{"a":1e999,"b":[-1e400],"c":12345678901234567890,"d":null,"e":1e308}}',
  );
  const [read] = readIntake(anIntakeMessage({ body }), source).events;
  expect(read?.event['properties']).toEqual({ a: null, b: [null], c: 12345678901234567000, d: null, e: 1e308 });
  expect(readPlanned(anIntakeMessage({ body }), source, [0])).toEqual([read]);
});

test('C23: traits that are switched off are in no event, read for the first time or by its plan; its size counts them', () => {
  const schema = aSourceSchema({ identify: { blockedTraits: ['ssn'] } });
  const message = aBatch([{ type: 'identify', userId: 'u', messageId: 'a', traits: { ssn: '1', plan: 'pro' } }]);
  const [plain] = readIntake(message, aSource()).events;
  const [stripped] = readIntake(message, aSource(), schema).events;
  expect(stripped?.event['traits']).toEqual({ plan: 'pro' });
  expect(stripped?.bytes).toBe(plain?.bytes);
  expect(readPlanned(message, aSource(), [0], schema)).toEqual([stripped]);
});

test('events that are none do not get the context of their batch 2,500 times (E13)', () => {
  const context = Object.fromEntries(Array.from({ length: 4_150 }, (_, at) => [at.toString(36), 0]));
  const message = anIntakeMessage({
    kind: 'batch',
    body: { context, batch: Array.from({ length: 2_500 }, () => ({})) },
  });
  const before = process.cpuUsage();
  const { invalid } = readIntake(message, aSource());
  expect(Object.values(invalid).reduce((sum, count) => sum + count, 0)).toBe(2_500);
  // Some 4,000 where each is merged before it is paid for.
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
});

test('an empty list in the place of an object, as PHP writes it, does not take the batch’s word away (E13)', () => {
  const context = { consent: { categoryPreferences: { ads: false } } };
  const event = { type: 'track', event: 'x', userId: 'u', integrations: [], context: [] };
  const body = { integrations: { All: false }, context, batch: [event] };
  const [read] = readIntake(anIntakeMessage({ kind: 'batch', body }), aSource()).events;
  expect(read?.event).toMatchObject({ integrations: { All: false }, context });
});
