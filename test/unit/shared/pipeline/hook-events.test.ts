import fc from 'fast-check';
import { BATCH_EVENTS_MAX, EVENT_BYTES_MAX, MERGED_BATCH_BYTES_MAX } from '../../../../shared/config/limits.ts';
import type { Json } from '../../../../shared/domain/json.ts';
import { type HookRequest, type HookSetting, hookFaults, hookRulesOf } from '../../../../shared/domain/source-hook.ts';
import { previewHook } from '../../../../shared/pipeline/preview-hook.ts';
import { readIntake, readPlanned } from '../../../../shared/pipeline/read-intake.ts';
import { A_PUSH, aHookRequest, aHookSetting, aHookSource } from '../../../builders/hook.ts';
import { anIntakeMessage } from '../../../builders/intake-message.ts';

const aMessage = (setting: HookSetting | undefined, request: HookRequest) =>
  anIntakeMessage({ kind: 'hook', body: { rules: hookRulesOf(setting), ...request } });

const read = (setting: HookSetting | undefined, request: Partial<HookRequest> = {}) => {
  const reading = readIntake(aMessage(setting, aHookRequest(request)), aHookSource(setting));
  const { received, invalid, repeats, events } = reading;
  // The equation: what was received is in one of three places.
  const counted = Object.values(invalid).reduce((sum, count) => sum + count, 0);
  expect(counted + repeats + events.length).toBe(received);
  return { received, invalid, repeats, events: events.map(({ event }) => event) };
};

test('a request is one event by its mapping: a number is a text where ids are texts, and the delivery names it', () => {
  const { messageId, ...rest } = read(aHookSetting()).events[0] ?? {};
  expect(messageId).toBe('72d3162e');
  expect(rest).toEqual({
    type: 'track',
    event: 'Repository push',
    userId: '583231',
    properties: { repository: 'octo/hello' },
    timestamp: '2026-11-24T10:15:00.000Z',
    originalTimestamp: '2026-11-24T10:15:00.000Z',
    receivedAt: '2026-11-24T10:15:00.000Z',
    channel: 'server',
    context: {},
    integrations: {},
  });
});

test('without a mapping all of a request is an event about nobody: nothing is lost before somebody writes one', () => {
  const { received, invalid, events } = read(undefined, { body: [1, { a: 'x' }] });
  expect({ received, invalid }).toEqual({ received: 1, invalid: {} });
  expect(events).toMatchObject([
    {
      type: 'track',
      event: 'Webhook Received',
      anonymousId: 'src_1',
      messageId: `${anIntakeMessage().intakeId}-0`,
      properties: { body: [1, { a: 'x' }], headers: { 'x-github-event': 'push' } },
    },
  ]);
});

const ofCommits = (over: Record<string, unknown> = {}, mapping: Record<string, unknown> = {}) =>
  aHookSetting({
    each: '$.body.commits',
    mapping: {
      event: 'Commit Pushed',
      userId: { '@path': '$.item.author.email' },
      properties: {
        message: { '@path': '$.item.message' },
        at: { '@path': '$.index' },
        ref: { '@path': '$.body.ref' },
      },
      ...mapping,
    },
    ...over,
  });

test('each item of a list becomes an event, named after the delivery and its place', () => {
  expect(read(ofCommits()).events).toMatchObject([
    { messageId: '72d3162e-0', userId: 'a@example.com', properties: { message: 'One', at: 0, ref: 'refs/heads/main' } },
    { messageId: '72d3162e-1', userId: 'b@example.com', properties: { message: 'Two', at: 1, ref: 'refs/heads/main' } },
  ]);
});

test('a messageId of the mapping goes before the header, and one that comes twice is one event', () => {
  const setting = ofCommits({}, { messageId: { '@path': '$.item.id' } });
  const body = { ...A_PUSH, commits: [...A_PUSH.commits, A_PUSH.commits[0] ?? null] } as Json;
  expect(read(setting, { body })).toMatchObject({
    received: 3,
    repeats: 1,
    events: [{ messageId: 'c1' }, { messageId: 'c2' }],
  });
});

test('without any name of the delivery the messageId derives from the intake id', () => {
  const { intakeId } = anIntakeMessage();
  expect(read(ofCommits({ eventIdHeader: undefined })).events.map(({ messageId }) => messageId)).toEqual([
    `${intakeId}-0`,
    `${intakeId}-1`,
  ]);
});

test.each<[string, Json, Record<string, number>]>([
  ['an empty list', [], { empty_batch: 1 }],
  ['no list', { a: 1 }, { hook_mapping_failed: 1 }],
  ['nothing', null, { hook_mapping_failed: 1 }],
  ['items without a user', [{}, { author: {} }, { author: { email: 'c@example.com' } }], { id_required: 2 }],
  ['items that are no objects', ['x', 1, null], { id_required: 3 }],
])('%s is counted with its reason', (_case, commits, invalid) => {
  expect(read(ofCommits(), { body: { commits } })).toMatchObject({ invalid });
});

test('a mapping that fails counts as such, one that says nothing of a field by what the spec asks for', () => {
  const broken = { event: 'E', userId: { '@case': { operator: 'title', value: 'x' } } };
  expect(read(aHookSetting({ mapping: broken })).invalid).toEqual({ hook_mapping_failed: 1 });
  expect(read(aHookSetting({ mapping: { userId: 'u' } })).invalid).toEqual({ event_not_defined: 1 });
  expect(read(aHookSetting({ mapping: { userId: 'u', type: 'sell' } })).invalid).toEqual({ unknown_type: 1 });
  expect(read(aHookSetting({ mapping: { event: 'E', userId: { '@path': '$.body.nobody' } } })).invalid).toEqual({
    id_required: 1,
  });
});

test.each<[string, Json, string | Record<string, number>]>([
  ['seconds', 1_764_000_000, '2025-11-24T16:00:00.000Z'],
  ['seconds as a text with a fraction', '1764000000.5', '2025-11-24T16:00:00.500Z'],
  ['milliseconds', 1_764_000_000_123, '2025-11-24T16:00:00.123Z'],
  ['ISO 8601', '2025-11-24T16:00:00+01:00', '2025-11-24T15:00:00.000Z'],
  ['null, which is nothing', null, '2026-11-24T10:15:00.000Z'],
  ['what nobody can read', 'yesterday', { bad_timestamp: 1 }],
  ['a number beyond all times', 1e300, { bad_timestamp: 1 }],
])('a time as %s', (_case, at, expected) => {
  const mapping = { event: 'E', userId: 'u', timestamp: { '@path': '$.body.at' } };
  const { events, invalid } = read(aHookSetting({ mapping }), { body: { at } });
  if (typeof expected === 'string') expect(events[0]?.timestamp).toBe(expected);
  else expect(invalid).toEqual(expected);
});

test('of one request 2,500 items become events, and the rest is counted', () => {
  const commits = Array.from({ length: BATCH_EVENTS_MAX + 7 }, (_, at) => ({ author: { email: `u${at}` } }));
  const { received, invalid, events } = read(ofCommits(), { body: { commits } });
  expect([received, invalid, events.length]).toEqual([
    BATCH_EVENTS_MAX + 7,
    { hook_too_many_items: 7 },
    BATCH_EVENTS_MAX,
  ]);
});

test('an event over 32 KB is refused alone, and all events of a request hold no more than batches may', () => {
  const whole = ofCommits({}, { properties: { all: { '@path': '$.body' } } });
  const commits = Array.from({ length: 1_000 }, (_, at) => ({ author: { email: `u${at}` }, message: '' }));
  expect(read(whole, { body: { commits: commits.slice(0, 2), text: 'x'.repeat(EVENT_BYTES_MAX) } }).invalid).toEqual({
    event_too_large: 2,
  });
  // 30 KB in each of 400.
  const shared = ofCommits({}, { properties: { text: { '@path': '$.body.text' } } });
  const { invalid, events } = read(shared, { body: { commits: commits.slice(0, 400), text: 'x'.repeat(30_000) } });
  expect(JSON.stringify(events).length).toBeLessThanOrEqual(MERGED_BATCH_BYTES_MAX);
  expect(invalid['event_too_large']).toBe(400 - events.length);
  expect(events.length).toBeGreaterThan(100);
});

test('many items that each point at a large body take a bounded time', () => {
  const setting = ofCommits(
    {},
    { properties: { all: { '@path': '$.body' }, again: [{ '@path': '$.body' }, { '@path': '$.body' }] } },
  );
  const commits = Array.from({ length: BATCH_EVENTS_MAX }, () => ({ author: { email: 'u' } }));
  const filler = Array.from({ length: 60_000 }, (_, at) => at);
  const startedMs = performance.now();
  expect(read(setting, { body: { commits, filler } }).invalid).toEqual({ event_too_large: BATCH_EVENTS_MAX });
  expect(performance.now() - startedMs).toBeLessThan(3_000);
});

test('many items whose mapping works on a large body again and again share one budget', () => {
  const encode = { '@json': { mode: 'encode', value: { '@path': '$.body.keys' } } };
  const setting = ofCommits({}, { properties: { all: Array.from({ length: 300 }, () => encode) } });
  const commits = Array.from({ length: BATCH_EVENTS_MAX }, () => ({ author: { email: 'u' } }));
  const keys = Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`k${at}`, at]));
  const startedMs = performance.now();
  expect(read(setting, { body: { commits, keys } }).invalid).toEqual({ event_too_large: BATCH_EVENTS_MAX });
  expect(performance.now() - startedMs).toBeLessThan(3_000);
});

test('what is nested deeper than the rest of the way takes is refused', () => {
  let deep: Json = 1;
  for (let depth = 0; depth < 99; depth += 1) deep = [deep];
  const mapping = { event: 'E', userId: 'u', properties: { a: { b: { '@path': '$.body' } } } };
  expect(read(aHookSetting({ mapping }), { body: deep }).invalid).toEqual({ too_deep: 1 });
});

test('a plan is obeyed by the rules of its message, whatever the source’s mapping is by then', () => {
  const message = aMessage(ofCommits(), aHookRequest());
  const first = readIntake(message, aHookSource(ofCommits()));
  const changed = aHookSource(aHookSetting({ mapping: { type: 'nonsense' } }));
  expect(readIntake(message, changed).events).toEqual(first.events);
  expect(readPlanned(message, changed, [1])).toEqual([first.events[1]]);
  expect(readPlanned(message, undefined, [0])).toMatchObject([{ event: { messageId: '72d3162e-0' } }]);
});

test('a message that holds no request is counted and harms nobody', () => {
  for (const body of [null, 1, 'x', [], {}, { rules: {} }, { rules: { mapping: 1 }, headers: {}, body: 1 }]) {
    const { received, invalid } = readIntake(anIntakeMessage({ kind: 'hook', body }), aHookSource());
    expect({ received, invalid }).toEqual({ received: 1, invalid: { hook_mapping_failed: 1 } });
  }
});

const ABOUT = {
  sourceId: aHookSource().id,
  intakeId: anIntakeMessage().intakeId,
  receivedAt: anIntakeMessage().receivedAt,
};

test('a preview shows the very events that route makes', () => {
  const request = aHookRequest();
  const preview = previewHook(hookRulesOf(ofCommits()), request, ABOUT);
  expect(preview).toEqual({
    count: 2,
    items: read(ofCommits()).events.map((event) => ({ outcome: 'event', event })),
  });
});

test.each<[string, Record<string, unknown>, Partial<HookRequest>, object]>([
  [
    'a directive',
    { mapping: { event: { '@case': { operator: 'x', value: 'y' } } } },
    {},
    { at: 'mapping.event.@case.operator', reason: 'hook_mapping_failed' },
  ],
  [
    'a user that is not there',
    { mapping: { event: 'E', userId: { '@path': '$.body.x' } } },
    {},
    { at: 'mapping.userId', reason: 'id_required' },
  ],
  [
    'properties that are no object',
    { mapping: { event: 'E', properties: { '@path': '$.body' } } },
    { body: [1] },
    { at: 'mapping.properties', reason: 'properties_not_object' },
  ],
  [
    'a list that is not there',
    { mapping: { event: 'E' }, each: '$.body.x' },
    {},
    { at: 'each', reason: 'hook_mapping_failed' },
  ],
  ['an empty list', { mapping: { event: 'E' }, each: '$.body' }, { body: [] }, { at: 'each', reason: 'empty_batch' }],
])('a preview names the field at fault: %s', (_case, over, request, fault) => {
  const preview = previewHook(hookRulesOf(aHookSetting(over)), aHookRequest(request), ABOUT);
  expect(preview.items).toEqual([{ outcome: 'invalid', message: expect.any(String), ...fault }]);
});

test('a setting is told what is wrong with it, by field', () => {
  const faults = hookFaults({
    mapping: { user: 'x', event: { '@path': '$.[' }, properties: { a: { '@liquid': '' } } },
    each: '$..',
    signature: { scheme: 'hmac-sha256' },
  });
  expect(faults.map(({ at }) => at)).toEqual([
    'mapping.user',
    'mapping.event.@path',
    'mapping.properties.a',
    'each',
    'signature.header',
  ]);
  expect(hookFaults({ mapping: { event: 'x'.repeat(20_000) } })).toEqual([
    { at: 'mapping', message: expect.any(String) },
  ]);
  expect(hookFaults(aHookSetting())).toEqual([]);
});

test('no body throws, whatever the mapping, and the books are exact each time', () => {
  const aSetting = fc.constantFrom(
    undefined,
    aHookSetting(),
    ofCommits(),
    aHookSetting({ each: '$.body' }),
    aHookSetting({
      mapping: {
        type: { '@path': '$.body.type' },
        userId: { '@path': '$.body' },
        properties: { '@path': '$.body' },
        context: { '@path': '$.body' },
        messageId: { '@path': '$.body.id' },
        timestamp: { '@path': '$.body.at' },
      },
    }),
    aHookSetting({
      mapping: {
        event: { '@template': '{{body}}' },
        userId: 'u',
        traits: { '@flatten': { value: { '@path': '$.body' }, separator: '.' } },
      },
    }),
  );
  fc.assert(
    fc.property(aSetting, fc.jsonValue() as fc.Arbitrary<Json>, (setting, body) => {
      read(setting, { body });
      previewHook(hookRulesOf(setting), aHookRequest({ body }), ABOUT);
    }),
    { numRuns: 500 },
  );
});
