import { AppError } from '../../../shared/domain/app-error.ts';
import { type Buckets, bucketsOf, STEP_MS, type StepUnit } from '../../../shared/domain/delivery/buckets.ts';
import { invalid } from '../http/api-fault.ts';

const HOUR_MS = STEP_MS.hour;
const DAY_MS = STEP_MS.day;
/** A client names its start before the request travels; so much older than the oldest is let pass. */
const SLACK_MS = 60_000;
/** Ends in the future are let pass so far: a client that asks for whole days names the next midnight. */
const AHEAD_MS = 2 * DAY_MS;

/** Rows, which know minutes, live 15 days; what is older is known by the hour. */
const MINUTES_KEPT_MS = 14 * DAY_MS;

/** How long a range may be, and how long ago it may begin, by step. */
export type RangeRules = Readonly<Record<StepUnit, { lengthMs: number; agoMs: number }>>;
/** public-api.md: delivery overview, and events volume. */
export const OVERVIEW_RULES: RangeRules = {
  minute: { lengthMs: 4 * HOUR_MS, agoMs: 48 * HOUR_MS },
  hour: { lengthMs: 14 * DAY_MS, agoMs: 30 * DAY_MS },
  day: { lengthMs: 30 * DAY_MS, agoMs: 30 * DAY_MS },
};
/** The official library's documents: delivery metrics of a destination. */
export const METRICS_RULES: RangeRules = {
  minute: { lengthMs: 4 * HOUR_MS, agoMs: 48 * HOUR_MS },
  hour: { lengthMs: 7 * DAY_MS, agoMs: 7 * DAY_MS },
  day: { lengthMs: 14 * DAY_MS, agoMs: 14 * DAY_MS },
};

/** ISO 8601: a day, or a moment with an offset. Without an offset nobody can tell what moment it is. */
const MOMENT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d))?$/;

export type AskedRange = { startTime: string; endTime: string; granularity: 'DAY' | 'HOUR' | 'MINUTE' };

/** The range of a request of the Public API, in buckets. Throws ApiFault 422 that names the field and the bound. */
export function askedBuckets(asked: AskedRange, rules: RangeRules, nowMs: number): Buckets & { unit: StepUnit } {
  const unit = asked.granularity.toLowerCase() as StepUnit;
  const fromMs = momentAt('startTime', asked.startTime);
  const toMs = momentAt('endTime', asked.endTime);
  const { lengthMs, agoMs } = rules[unit];
  if (toMs <= fromMs) throw invalid({ field: 'endTime', message: 'It must be after startTime.' });
  if (toMs > nowMs + AHEAD_MS) throw invalid({ field: 'endTime', message: 'It lies in the future.' });
  if (toMs - fromMs > lengthMs) {
    throw invalid({ field: 'endTime', message: `With steps of a ${unit} a range has at most ${told(lengthMs)}.` });
  }
  // Of hours long ago nothing smaller is kept: they count whole.
  const isCut = unit === 'minute' || fromMs >= nowMs - MINUTES_KEPT_MS;
  const cut = (ms: number, way: 'down' | 'up'): number => {
    if (isCut || ms >= nowMs - MINUTES_KEPT_MS) return ms;
    return (way === 'down' ? Math.floor(ms / HOUR_MS) : Math.ceil(ms / HOUR_MS)) * HOUR_MS;
  };
  if (fromMs < nowMs - agoMs - SLACK_MS) {
    throw invalid({ field: 'startTime', message: `With steps of a ${unit} it may be ${told(agoMs)} ago at most.` });
  }
  return { ...bucketsOf(cut(fromMs, 'down'), cut(toMs, 'up'), unit), unit };
}

function momentAt(field: string, text: string): number {
  const ms = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw invalid({ field, message: 'Write it as ISO 8601, such as 2026-11-27T10:00:00Z.' });
  return ms;
}

const told = (ms: number): string => (ms > 2 * DAY_MS ? `${ms / DAY_MS} days` : `${ms / HOUR_MS} hours`);

/** Reads details; what takes more than one read may is the caller's to ask for in less. Throws ApiFault 422 then. */
export async function readWithin<T>(field: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-request') throw invalid({ field, message: error.message });
    throw error;
  }
}
