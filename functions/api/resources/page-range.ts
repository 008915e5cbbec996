import { type Buckets, bucketsOf, STEP_MS, type StepUnit } from '../../../shared/domain/delivery/buckets.ts';
import { invalid } from '../http/api-fault.ts';

/** What a page's time picker offers (G09), in minutes. */
const MINUTES = { '10m': 10, '1h': 60, '24h': 1_440, '7d': 10_080, '14d': 20_160 } as const;
/** A custom range is as long at most. */
const RANGE_MS_MAX = 14 * STEP_MS.day;
/** Up to this length a series has a point a minute; beyond it, one an hour. */
const BY_MINUTE_MS_MAX = 4 * STEP_MS.hour;
/** What begins longer ago has points by the hour, whatever its length: rows, which know minutes, live 15 days, and two periods are read. */
const BY_MINUTE_AGO_MS_MAX = 13 * STEP_MS.day;
/** Roll-ups by hour live 90 days: a range and the one before it lie within. */
const AGO_MS_MAX = 60 * STEP_MS.day;

export type PageRange = {
  range?: keyof typeof MINUTES | undefined;
  from?: string | undefined;
  to?: string | undefined;
};
export type PageBuckets = Buckets & { unit: StepUnit };

/**
 * The range that a page asks for, and the one of the same length before it. Without anything, the last 24 hours. Throws ApiFault 422 where it asks for
 * two things at once or for more than there is.
 */
export function pageBuckets({ range, from, to }: PageRange, nowMs: number): { now: PageBuckets; before: PageBuckets } {
  if (range !== undefined && (from !== undefined || to !== undefined)) {
    throw invalid({ field: 'range', message: 'Give either range, or from and to.' });
  }
  if (from === undefined && to !== undefined) throw invalid({ field: 'from', message: 'to needs a from.' });
  // An answer of now holds the present minute.
  const toMs = to === undefined ? nowMs : Math.min(Date.parse(to), nowMs);
  const fromMs =
    from === undefined
      ? Math.ceil(toMs / STEP_MS.minute) * STEP_MS.minute - MINUTES[range ?? '24h'] * STEP_MS.minute
      : Date.parse(from);
  if (toMs <= fromMs) throw invalid({ field: 'from', message: 'It must be before to, and in the past.' });
  if (toMs - fromMs > RANGE_MS_MAX + STEP_MS.minute) {
    throw invalid({ field: 'from', message: 'A range has 14 days at most.' });
  }
  if (fromMs < nowMs - AGO_MS_MAX) throw invalid({ field: 'from', message: 'It may be 60 days ago at most.' });
  const isByMinute = toMs - fromMs <= BY_MINUTE_MS_MAX && fromMs >= nowMs - BY_MINUTE_AGO_MS_MAX;
  const unit = isByMinute ? 'minute' : 'hour';
  // By the hour it begins and ends with whole ones, but for the present: of hours long ago nothing smaller is kept.
  const now = bucketsOf(floored(fromMs, unit), Math.min(-floored(-toMs, unit), -floored(-nowMs, 'minute')), unit);
  const lengthMs = Date.parse(now.to) - Date.parse(now.from);
  // By whole steps earlier, so that it is cut as the period itself is.
  const earlierMs = -floored(-lengthMs, unit);
  const before = bucketsOf(Date.parse(now.from) - earlierMs, Date.parse(now.to) - earlierMs, unit);
  return { now: { ...now, unit }, before: { ...before, unit } };
}

const floored = (ms: number, unit: StepUnit): number => Math.floor(ms / STEP_MS[unit]) * STEP_MS[unit];
