const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** More ticks than this are never made, whatever is asked. */
const TIME_TICKS_MAX = 40;
/** Steps shorter than a month, each a whole part or a whole number of days. */
const STEPS_MS = [
  ...[1, 5, 10, 15, 30].map((n) => n * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR_MS),
  ...[1, 2, 7, 14].map((n) => n * DAY_MS),
];
/** Steps of a month and more. */
const STEPS_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120];
const MONTH_MS = 30.4 * DAY_MS;
/** 1970 began on a Thursday: weeks counted from this many days earlier begin on a Monday. */
const EPOCH_TO_MONDAY_DAYS = 3;

/** A tick of the time axis: when, and whether it begins a day of the viewer (and is named by its date). */
export type TimeTick = { at: number; startsDay: boolean };

const offsetFormats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clocks are ahead of UTC at that moment, in ms. */
export function zoneOffsetMs(at: number, timeZone: string): number {
  let format = offsetFormats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    offsetFormats.set(timeZone, format);
  }
  const part = (wanted: string) => Number(parts.find((one) => one.type === wanted)?.value ?? 0);
  const parts = format.formatToParts(at);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(at / SECOND_MS) * SECOND_MS;
}

/** The moment at which the zone's clocks show `wall` (ms as if it were UTC); in a skipped hour, the moment after it. */
function momentOf(wall: number, timeZone: string): number {
  const first = wall - zoneOffsetMs(wall, timeZone);
  return wall - zoneOffsetMs(first, timeZone);
}

/** Ticks within `from`..`to`, at most about `count`, on round times of the viewer's clock, through changes to and from summer time. */
export function timeTicks(from: number, to: number, count: number, timeZone: string): TimeTick[] {
  if (!(to > from)) return [];
  const wanted = (to - from) / Math.min(TIME_TICKS_MAX, Math.max(1, count));
  const step = STEPS_MS.find((one) => one >= wanted);
  const walls =
    step === undefined
      ? monthWalls(from + zoneOffsetMs(from, timeZone), to + zoneOffsetMs(to, timeZone), wanted / MONTH_MS)
      : stepWalls(from + zoneOffsetMs(from, timeZone), to + zoneOffsetMs(to, timeZone), step);
  const ticks: TimeTick[] = [];
  for (const wall of walls) {
    const at = momentOf(wall, timeZone);
    const last = ticks.at(-1);
    if (at < from || at > to || (last !== undefined && at <= last.at)) continue;
    ticks.push({ at, startsDay: wall % DAY_MS === 0 });
  }
  return ticks;
}

function stepWalls(from: number, to: number, step: number): number[] {
  const shift = step % (7 * DAY_MS) === 0 ? EPOCH_TO_MONDAY_DAYS * DAY_MS : 0;
  const walls: number[] = [];
  // An hour to each side: the change to or from summer time may move the ends.
  const first = Math.floor((from - HOUR_MS + shift) / step) * step - shift;
  for (let wall = first; wall <= to + HOUR_MS; wall += step) walls.push(wall);
  return walls;
}

function monthWalls(from: number, to: number, wantedMonths: number): number[] {
  const step = STEPS_MONTHS.find((one) => one >= wantedMonths) ?? Math.ceil(wantedMonths / 120) * 120;
  const start = new Date(from);
  const walls: number[] = [];
  let month = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / step) * step;
  for (let wall = 0; ; month += step) {
    wall = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (wall > to) return walls;
    walls.push(wall);
  }
}
