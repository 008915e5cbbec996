/**
 * Times outside these bounds are moved to the nearer one, whatever made them absurd (a wrong clock, a unit mixed up): the one rule for all.
 * Both are moments that ISO 8601 writes with four digits for the year.
 */
const EARLIEST_MS = Date.UTC(1970, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const ISO_8601 =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d\d:?\d\d)?)?$/;

/**
 * ISO 8601 in milliseconds since the epoch, `undefined` for anything else. A time without zone is UTC: it must mean the same on every
 * machine, or route would decide differently when it decides again.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const found = ISO_8601.exec(value);
  if (found === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = found;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  if (mo < 1 || date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d) return undefined;
  if (h > 23 || mi > 59 || s > 60) return undefined;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  return date.getTime() + ((h * 60 + mi) * 60 + s) * 1_000 + ms - zoneMs(zone);
}

function zoneMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000;
}

/**
 * The two times of an event (E15, E16). `original` is what the caller passed as `timestamp`; `timestamp` is
 * receivedAt - (sentAt - original), which takes the error of the device's clock out. Without a usable sentAt there is nothing to correct;
 * without an original time the event happened when it arrived.
 */
export function eventTimes(
  receivedAt: string,
  originalMs: number | undefined,
  sentAtMs: number | undefined,
): { timestamp: string; originalTimestamp: string } {
  if (originalMs === undefined) return { timestamp: receivedAt, originalTimestamp: receivedAt };
  const correctedMs = sentAtMs === undefined ? originalMs : Date.parse(receivedAt) - (sentAtMs - originalMs);
  return { timestamp: isoOf(correctedMs), originalTimestamp: isoOf(originalMs) };
}

/** A moment as ISO 8601, moved into the bounds. */
export const isoOf = (ms: number): string => new Date(Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS)).toISOString();
