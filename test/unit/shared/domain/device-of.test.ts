import { deviceOf } from '../../../../shared/domain/device-of.ts';
import { normaliseEvent } from '../../../../shared/domain/normalise-event.ts';
import { anIntakeMessage } from '../../../builders/intake-message.ts';

const { intakeId } = anIntakeMessage();
const event = (ids: Record<string, string | null>) =>
  normaliseEvent({ messageId: 'm', event: 'Cup Bought', ...ids }, 'track', 0, {
    intakeId,
    receivedAt: '2026-11-24T10:15:00.000Z',
    sourceKind: 'website',
  });

test.each([
  ['its anonymousId', { anonymousId: 'one', userId: 'u' }, 'a one'],
  ['its userId where nothing else is there', { userId: 'one' }, 'u one'],
  ['its userId where the anonymousId is null', { anonymousId: null, userId: 'one' }, 'u one'],
])('the device of an event is %s', (_case, ids, device) => {
  expect(deviceOf(event(ids))).toBe(device);
});

test('an id of a prototype is none', () => {
  const polluted: unknown = JSON.parse('{"__proto__":{"anonymousId":"x"},"userId":"one"}');
  expect(deviceOf({ ...event({ userId: 'one' }), ...(polluted as object) })).toBe('u one');
});
