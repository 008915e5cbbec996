import { SAMPLES_PER_CODE_AND_MINUTE_MAX } from '../../shared/config/limits.ts';
import { minuteOf } from '../../shared/domain/timestamp.ts';

/** Of what went well, one example a minute is enough. */
const DELIVERED_PER_MINUTE_MAX = 1;
/** Destinations by codes that one environment counts in a minute; beyond them no samples are taken. */
const COUNTERS_MAX = 5_000;

/** Whether one more sample of this destination and code may be taken in this minute by this environment; counts it if so. */
export type TakesSample = (destinationId: string, code: string, at: string) => boolean;

/** Samples cost a write each, so an environment takes only so many; the store bounds what all environments take together. */
export function sampleBudget(): TakesSample {
  let minute = '';
  const counts = new Map<string, number>();
  return (destinationId, code, at) => {
    if (minuteOf(at) !== minute) {
      minute = minuteOf(at);
      counts.clear();
    }
    const name = `${destinationId} ${code}`;
    const taken = counts.get(name) ?? 0;
    const max = code === 'delivered' ? DELIVERED_PER_MINUTE_MAX : SAMPLES_PER_CODE_AND_MINUTE_MAX;
    if (taken >= max || (taken === 0 && counts.size >= COUNTERS_MAX)) return false;
    counts.set(name, taken + 1);
    return true;
  };
}
