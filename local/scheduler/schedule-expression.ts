import { Cron } from 'croner';
import { errorText } from '../front-door/error-text.ts';

/** When a schedule is due: the first time after `afterMs`, in milliseconds since the epoch; `undefined` when there is none. */
export type DueTimes = { next(afterMs: number): number | undefined };

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** The largest value of each field of a cron expression, where `a/b` means "from a on, every b". */
const FIELD_MAX = { minutes: 59, hours: 23, 'day of month': 31, month: 12, 'day of week': 7, year: 2199 } as const;
const FIELDS = ['minutes', 'hours', 'day of month', 'month', 'day of week', 'year'] as const;

/**
 * Understands `rate(5 minutes)`, `cron(0/15 8-17 ? * MON-FRI *)` and `at(2027-01-31T08:00:00)`; the last two in the time zone.
 * Throws for what EventBridge Scheduler would refuse.
 *
 * Rates keep to multiples of their length since 1970, so that a restart puts no run off. (AWS counts from the schedule's creation.)
 */
export function parseScheduleExpression(expression: string, timeZone: string): DueTimes {
  const parts = /^(rate|cron|at)\((.*)\)$/.exec(expression);
  if (parts === null) throw wrong(expression, 'it is neither rate(…), cron(…) nor at(…)');
  const [, kind, content = ''] = parts;
  if (kind === 'rate') return rate(expression, content);
  return kind === 'cron' ? cron(expression, content, timeZone) : at(expression, content, timeZone);
}

const wrong = (expression: string, why: string): Error =>
  new Error(`The schedule expression ${expression} is wrong: ${why}.`);

function rate(expression: string, content: string): DueTimes {
  const parts = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(content);
  if (parts === null) throw wrong(expression, 'a rate is a whole number and minute(s), hour(s) or day(s)');
  const [, value = '', unit = 'day'] = parts;
  if (unit !== 'minute' && unit !== 'hour' && unit !== 'day') throw wrong(expression, `${unit} is no unit`);
  const intervalMs = Number(value) * UNIT_MS[unit];
  return { next: (afterMs) => (Math.floor(afterMs / intervalMs) + 1) * intervalMs };
}

function cron(expression: string, content: string, timeZone: string): DueTimes {
  const fields = content.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) throw wrong(expression, `it has ${fields.length} fields instead of 6`);
  const [, , dayOfMonth, , dayOfWeek] = fields;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw wrong(expression, 'one of day of month and day of week must be ?, and only one');
  }
  const pattern = FIELDS.map((name, index) => fieldOf(fields[index] ?? '', name)).join(' ');
  const job = cronerOf(expression, `0 ${pattern}`, timeZone);
  return { next: (afterMs) => job.nextRun(new Date(afterMs))?.getTime() };
}

/** A field in the form that the library takes: the names and signs are the same, but for `a/b` and a lone L among the days of the week. */
function fieldOf(field: string, name: (typeof FIELDS)[number]): string {
  if (field === '?') return '*';
  if (name === 'day of week' && field === 'L') return String(FIELD_MAX['day of week']);
  return field
    .split(',')
    .map((part) => {
      const step = /^(\w+)\/(\d+)$/.exec(part);
      return step === null ? part : `${step[1]}-${FIELD_MAX[name]}/${step[2]}`;
    })
    .join(',');
}

function at(expression: string, content: string, timeZone: string): DueTimes {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(content)) {
    throw wrong(expression, 'a time is written yyyy-mm-ddThh:mm:ss');
  }
  const job = cronerOf(expression, content, timeZone);
  return { next: (afterMs) => job.nextRun(new Date(afterMs))?.getTime() };
}

function cronerOf(expression: string, pattern: string, timeZone: string): Cron {
  try {
    // Days of the week are 1 (Sunday) to 7, as in AWS.
    const job = new Cron(pattern, { paused: true, timezone: timeZone, alternativeWeekdays: true });
    // An unknown time zone shows only when a time is asked.
    job.nextRun(new Date(0));
    return job;
  } catch (error) {
    throw new Error(`The schedule expression ${expression} in ${timeZone} is wrong: ${errorText(error)}`, {
      cause: error,
    });
  }
}
