import { hourOf, hourPlus } from '../../../shared/domain/timestamp.ts';
import { leanRefusals } from '../health/lean-refusals.ts';
import type { HealthWork } from './health-work.ts';

/** Hours that are over for so long seldom change; rows may still come late into them. */
const SETTLED_HOURS = 3;
/** Pages of 1 MB that are read of an hour's refusals: what random keys of many environments make beyond it is not counted. */
const REFUSAL_PAGES_MAX = 4;
/** How long what is settled is served again. */
const SERVED_AGAIN_MS = 5 * 60_000;
/** Refusals are the deployment's, and anybody can make many: an hour of them is read once for all who look, once a minute, or once an hour when it is settled. */
const REFUSALS_AGAIN_MS = { live: 60_000, settled: 60 * 60_000 };
/** Answers kept in memory: some per workspace. */
const KEPT_MAX = 500;

/**
 * Health's reads, of which those of long past hours are remembered: a page that asks every few seconds reads the last hours, and once in five minutes a
 * week. What comes late into settled hours is seen five minutes later.
 */
export function cachedHealth(work: HealthWork, now: () => Date): HealthWork {
  const kept = new Map<string, { untilMs: number; value: Promise<unknown> }>();
  const remembered = async <R>(key: string, read: () => Promise<R>, againMs = SERVED_AGAIN_MS): Promise<R> => {
    const nowMs = now().getTime();
    const known = kept.get(key);
    if (known !== undefined && nowMs < known.untilMs) return (await known.value) as R;
    if (kept.size >= KEPT_MAX) kept.clear();
    const value = read();
    kept.set(key, { untilMs: nowMs + againMs, value });
    // A read that failed is not kept.
    value.catch(() => kept.delete(key));
    return await value;
  };
  const settledBefore = (): string => hourPlus(hourOf(now().toISOString()), -SETTLED_HOURS);
  const { digests, refusals } = work;
  return {
    ...work,
    digests: {
      asOf: (workspaceId) => digests.asOf(workspaceId),
      hours: async (workspaceId, from, to) => {
        const cut = settledBefore();
        if (to < cut || from >= cut) return await digests.hours(workspaceId, from, to);
        const last = hourPlus(cut, -1);
        const [old, live] = await Promise.all([
          remembered(`hours ${workspaceId} ${from} ${last}`, () => digests.hours(workspaceId, from, last)),
          digests.hours(workspaceId, cut, to),
        ]);
        return new Map([...old, ...live]);
      },
      minutes: async (workspaceId, from, to) =>
        hourOf(to) < settledBefore()
          ? await remembered(`minutes ${workspaceId} ${from} ${to}`, () => digests.minutes(workspaceId, from, to))
          : await digests.minutes(workspaceId, from, to),
    },
    refusals: {
      refusalsOfHour: (hour) =>
        remembered(
          `refusals ${hour}`,
          async () => leanRefusals(await refusals.refusalsOfHour(hour, REFUSAL_PAGES_MAX)),
          hour < settledBefore() ? REFUSALS_AGAIN_MS.settled : REFUSALS_AGAIN_MS.live,
        ),
    },
  };
}
