import { parseScheduleExpression } from '../../../../local/scheduler/schedule-expression.ts';

const FROM = Date.parse('2026-01-30T12:00:00Z');

/** The next three times, as ISO text without milliseconds. */
function nextOf(expression: string, timeZone = 'UTC'): string[] {
  const times = parseScheduleExpression(expression, timeZone);
  const found: string[] = [];
  let afterMs = FROM;
  for (let index = 0; index < 3; index += 1) {
    const next = times.next(afterMs);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().replace(':00.000Z', ''));
    afterMs = next;
  }
  return found;
}

test.each([
  ['rate(1 minute)', ['2026-01-30T12:01', '2026-01-30T12:02', '2026-01-30T12:03']],
  ['rate(5 hours)', ['2026-01-30T13:00', '2026-01-30T18:00', '2026-01-30T23:00']],
  ['cron(5 * * * ? *)', ['2026-01-30T12:05', '2026-01-30T13:05', '2026-01-30T14:05']],
  ['cron(0/20 8-17 ? * MON-FRI *)', ['2026-01-30T12:20', '2026-01-30T12:40', '2026-01-30T13:00']],
  ['cron(50/5,3 12 * * ? *)', ['2026-01-30T12:03', '2026-01-30T12:50', '2026-01-30T12:55']],
  // 1 is Sunday in AWS: 2 to 6 are the working days.
  ['cron(0 10 ? * 2-6 *)', ['2026-02-02T10:00', '2026-02-03T10:00', '2026-02-04T10:00']],
  ['cron(0 10 ? * 1 *)', ['2026-02-01T10:00', '2026-02-08T10:00', '2026-02-15T10:00']],
  ['cron(0 10 ? * L *)', ['2026-01-31T10:00', '2026-02-07T10:00', '2026-02-14T10:00']],
  ['cron(0 10 ? * 6L *)', ['2026-02-27T10:00', '2026-03-27T10:00', '2026-04-24T10:00']],
  ['cron(0 10 ? * 2#1 *)', ['2026-02-02T10:00', '2026-03-02T10:00', '2026-04-06T10:00']],
  ['cron(0 10 ? * FRI#2 *)', ['2026-02-13T10:00', '2026-03-13T10:00', '2026-04-10T10:00']],
  ['cron(0 10 L * ? *)', ['2026-01-31T10:00', '2026-02-28T10:00', '2026-03-31T10:00']],
  // The working day nearest to the 15th, a Sunday in February 2026.
  ['cron(0 10 15W * ? *)', ['2026-02-16T10:00', '2026-03-16T10:00', '2026-04-15T10:00']],
  ['cron(0 0 1 1,7 ? 2027-2028)', ['2027-01-01T00:00', '2027-07-01T00:00', '2028-01-01T00:00']],
  ['cron(0 0 1 1 ? 2020)', []],
  ['at(2026-02-01T08:30:00)', ['2026-02-01T08:30']],
  ['at(2026-01-01T08:30:00)', []],
])('%s is next due at %j', (expression, times) => {
  expect(nextOf(expression)).toEqual(times);
});

test('cron and at keep to their time zone, over the change to summer time too', () => {
  expect(nextOf('cron(0 8 28-31 3 ? 2026)', 'Europe/Berlin')).toEqual([
    '2026-03-28T07:00',
    '2026-03-29T06:00',
    '2026-03-30T06:00',
  ]);
  expect(nextOf('at(2026-07-01T08:00:00)', 'America/New_York')).toEqual(['2026-07-01T12:00']);
});

test.each([
  ['every 5 minutes', 'UTC', /neither rate/],
  ['rate(0 minutes)', 'UTC', /whole number/],
  ['rate(5 weeks)', 'UTC', /whole number/],
  ['cron(0 10 * * *)', 'UTC', /5 fields instead of 6/],
  ['cron(0 10 * * * *)', 'UTC', /must be \?/],
  ['cron(0 10 ? * ? *)', 'UTC', /must be \?/],
  ['cron(61 10 * * ? *)', 'UTC', /61/],
  ['at(tomorrow)', 'UTC', /yyyy-mm-dd/],
  ['cron(0 10 * * ? *)', 'Mars/Olympus', /Mars\/Olympus/],
])('%s in %s is refused', (expression, timeZone, why) => {
  expect(() => parseScheduleExpression(expression, timeZone)).toThrow(why);
});
