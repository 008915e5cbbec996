import type { JsonObject } from '../../../../shared/domain/json.ts';
import { normaliseEvent } from '../../../../shared/domain/normalise-event.ts';
import { intakeIdOf } from '../../../builders/ledger-rows.ts';
import { anIntakeMessage } from '../../../builders/intake-message.ts';

const RECEIVED = '2026-11-24T10:15:00.000Z';
const setting = {
  intakeId: anIntakeMessage().intakeId,
  receivedAt: RECEIVED,
  ip: '203.0.113.7',
  sourceKind: 'server' as const,
};
const normalise = (payload: JsonObject, over: Partial<Parameters<typeof normaliseEvent>[3]> = {}) =>
  normaliseEvent(payload, 'track', 3, { ...setting, ...over });

test('what is missing derives from the intake message alone (E16, E17)', () => {
  expect(normalise({ userId: 'u', event: 'E' })).toEqual({
    type: 'track',
    userId: 'u',
    event: 'E',
    messageId: `${intakeIdOf(1)}-3`,
    timestamp: RECEIVED,
    originalTimestamp: RECEIVED,
    receivedAt: RECEIVED,
    channel: 'server',
    context: {},
    integrations: {},
  });
});

test('what the client sent stays, its timestamp becomes originalTimestamp and is corrected by its clock, and the write key goes (E15, E16)', () => {
  const event = normalise({
    type: 'identify',
    userId: 'u',
    event: 'E',
    messageId: 'm',
    timestamp: '2026-11-24T11:00:00+00:00',
    sentAt: '2026-11-24T11:10:00Z',
    writeKey: 'secret-enough',
    channel: 'mobile',
    context: { library: { name: 'x', version: '1' } },
    integrations: { All: false },
    _metadata: { a: 1 },
  });
  expect(event).toEqual({
    type: 'track',
    userId: 'u',
    event: 'E',
    messageId: 'm',
    timestamp: '2026-11-24T10:05:00.000Z',
    originalTimestamp: '2026-11-24T11:00:00.000Z',
    sentAt: '2026-11-24T11:10:00.000Z',
    receivedAt: RECEIVED,
    channel: 'mobile',
    context: { library: { name: 'x', version: '1' } },
    integrations: { All: false },
    _metadata: { a: 1 },
  });
});

test.each([
  ['an event without sentAt takes the batch’s', {}, '2026-11-24T10:14:00.000Z'],
  ['an event’s own sentAt goes first', { sentAt: '2026-11-24T10:16:00Z' }, '2026-11-24T10:13:00.000Z'],
  ['one that nobody can read does not', { sentAt: 'x' }, '2026-11-24T10:14:00.000Z'],
])('%s', (_case, over, timestamp) => {
  const event = normalise({ timestamp: '2026-11-24T10:14:00Z', ...over }, { sentAt: RECEIVED });
  expect(event.timestamp).toBe(timestamp);
});

test('an original time that the sender named itself is used where there is no timestamp', () => {
  expect(normalise({ originalTimestamp: '2026-11-24T09:00:00Z' }).originalTimestamp).toBe('2026-11-24T09:00:00.000Z');
});

test.each<[string, JsonObject, Parameters<typeof normalise>[1], JsonObject]>([
  ['a website', {}, { sourceKind: 'website' }, { ip: '203.0.113.7' }],
  ['a mobile app', {}, { sourceKind: 'mobile' }, { ip: '203.0.113.7' }],
  ['a server', {}, {}, {}],
  ['a server that says direct', { context: { direct: true } }, {}, { direct: true, ip: '203.0.113.7' }],
  ['a client that names one', { context: { ip: '198.51.100.1' } }, { sourceKind: 'website' }, { ip: '198.51.100.1' }],
  ['IPv6', {}, { sourceKind: 'website', ip: '2001:db8::1' }, {}],
  ['a context that is no object', { context: 'x' }, {}, {}],
])('context.ip of %s', (_case, payload, over, context) => {
  expect(normalise(payload, over).context).toEqual(context);
});

test.each([
  ['a number', 17, '17'],
  ['a lone surrogate, which no key of DynamoDB can hold', 'a\uD800b', 'a\uFFFDb'],
  ['an empty text', '', `${intakeIdOf(1)}-3`],
  ['null', null, `${intakeIdOf(1)}-3`],
])('messageId from %s', (_case, messageId, expected) => {
  expect(normalise({ messageId }).messageId).toBe(expected);
});

test('hostile keys stay data of the event and pollute nothing (T11)', () => {
  const payload = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"event":"E"}');
  const event = normalise(payload);
  expect(JSON.parse(JSON.stringify(event))).toHaveProperty(['constructor', 'prototype', 'polluted'], 1);
  expect(Object.getOwnPropertyDescriptor(event, '__proto__')?.value).toEqual({ polluted: 1 });
  expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
