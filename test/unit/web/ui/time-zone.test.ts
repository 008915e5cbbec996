import { dayBounds, fieldMoment, fieldTime, viewerZone } from '../../../../web/src/ui/time-zone.ts';

const AT = Date.parse('2026-11-27T10:20:00.000Z');

test.each([true, false])('a moment in a field reads back as it was, in UTC: %s', (isUtc) => {
  expect(fieldMoment(fieldTime(AT, isUtc), isUtc)).toBe('2026-11-27T10:20:00.000Z');
  expect(fieldMoment('', isUtc)).toBe('');
});

test('in UTC a field says what is in the log; without storage the zone is the device’s', () => {
  expect(fieldTime(AT, true)).toBe('2026-11-27T10:20');
  expect(viewerZone).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
});

test('a day is the whole day of the zone that is shown, its last moment included; what is no day bounds nothing', () => {
  expect(dayBounds('2026-11-27', '2026-11-27', true)).toEqual({
    from: '2026-11-27T00:00:00.000Z',
    to: '2026-11-27T23:59:59.999Z',
  });
  const { from = '' } = dayBounds('2026-11-27', undefined, false);
  expect(new Date(from).getHours()).toBe(0);
  expect(dayBounds(undefined, 'soon', true)).toEqual({});
});
