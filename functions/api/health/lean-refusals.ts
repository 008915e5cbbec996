import type { RefusalNotice } from '../../../shared/domain/intake-message.ts';
import { minuteOf } from '../../../shared/domain/timestamp.ts';

/** Keys that are nobody's, of an hour: those that most requests came with. Who sends random ones hides no sender that goes on with an old key. */
export const UNKNOWN_KEYS_MAX = 500;

type Refusal = RefusalNotice['refusals'][number];

/**
 * Refusals of an hour as little as health looks at them: a notice a minute, by the newest moment in it. However many keys of nobody were tried, at most
 * UNKNOWN_KEYS_MAX are left.
 */
export function leanRefusals(notices: readonly RefusalNotice[]): RefusalNotice[] {
  const requests = new Map<string, number>();
  for (const { refusals } of notices) {
    for (const { sourceId, writeKey, count } of refusals) {
      if (sourceId === undefined && writeKey !== undefined) {
        requests.set(writeKey, (requests.get(writeKey) ?? 0) + count);
      }
    }
  }
  const most = [...requests].toSorted(([, a], [, b]) => b - a).slice(0, UNKNOWN_KEYS_MAX);
  const shown = new Set(most.map(([key]) => key));
  const minutes = new Map<string, { notice: RefusalNotice; found: Map<string, Refusal> }>();
  for (const notice of notices) {
    const minute = minuteOf(notice.at);
    const sofar = minutes.get(minute) ?? { notice, found: new Map<string, Refusal>() };
    minutes.set(minute, sofar);
    if (notice.at > sofar.notice.at) sofar.notice = notice;
    for (const refusal of notice.refusals) {
      const { sourceId, writeKey, reason, count } = refusal;
      if (sourceId === undefined && writeKey !== undefined && !shown.has(writeKey)) continue;
      const name = JSON.stringify([sourceId, writeKey, reason]);
      sofar.found.set(name, { ...refusal, count: count + (sofar.found.get(name)?.count ?? 0) });
    }
  }
  return [...minutes.values()].map(({ notice, found }) => ({ ...notice, refusals: [...found.values()] }));
}
