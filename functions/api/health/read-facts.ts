import type { Digest } from '../../../shared/domain/digest.ts';
import {
  firstHourOf,
  HEALTH_HOURS,
  HISTORY_HOURS,
  hoursToLookInto,
  type Tried,
  type Tries,
} from '../../../shared/domain/health/failures.ts';
import type { DestinationId, SourceId, WorkspaceId } from '../../../shared/domain/ids.ts';
import { hourOf, hourPlus, minuteOf } from '../../../shared/domain/timestamp.ts';
import type { HealthWork } from '../resources/health-work.ts';

/** Hours of minutes that one answer reads; in more, times are told to the hour. */
const MINUTE_HOURS_MAX = 24;
/** Hours of refusals that are read at once. */
const AT_ONCE = 8;

/** Requests that ingest refused in the last 24 hours, of a source or with a key that is nobody's. */
export type Refused = {
  sourceId: string | undefined;
  writeKey: string | undefined;
  reason: string;
  count: number;
  minutes: Set<string>;
  firstAt: string;
  lastAt: string;
};

export type Facts = {
  now: string;
  countedTo: string | undefined;
  hours: ReadonlyMap<string, Digest>;
  destination(id: DestinationId): Tries;
  source(id: SourceId): Tries;
  received(id: SourceId): Map<string, number>;
  refused: readonly Refused[];
};

/** Invalid events are a source's failures; what was blocked, a repeat or suppressed is as somebody wants it. */
const ofSource = (digest: Digest, id: string): Tried | undefined => {
  const found = Object.hasOwn(digest.sources, id) ? digest.sources[id] : undefined;
  if (found === undefined) return undefined;
  const invalid = Object.values(found.invalid).reduce((sum, count) => sum + count, 0);
  return { well: found.received - invalid, failed: found.invalid };
};
const ofDestination = (digest: Digest, id: string): Tried | undefined => {
  const found = Object.hasOwn(digest.destinations, id) ? digest.destinations[id] : undefined;
  return found && { well: found.delivered, failed: found.failedTries };
};

/**
 * What health is judged by. One read of hours whatever the number of sources and destinations, one for each hour whose minutes tell more, and the last
 * day's refusals hour by hour, which are the deployment's.
 */
export async function readFacts(
  work: HealthWork,
  workspaceId: WorkspaceId,
  things: { sources: readonly SourceId[]; destinations: readonly DestinationId[] },
  now: string,
): Promise<Facts> {
  const present = hourOf(now);
  const [hours, countedTo, refused] = await Promise.all([
    work.digests.hours(workspaceId, hourPlus(present, -HISTORY_HOURS), present),
    work.digests.asOf(workspaceId),
    readRefused(work, now),
  ]);
  const series = (of: (digest: Digest) => Tried | undefined, spans: ReadonlyMap<string, Digest>): Map<string, Tried> =>
    new Map(
      [...spans].flatMap(([span, digest]): [string, Tried][] => {
        const tried = of(digest);
        return tried === undefined ? [] : [[span, tried]];
      }),
    );
  const wanted = new Set([firstHourOf(now)]);
  const look = (of: (digest: Digest) => Tried | undefined): void => {
    for (const hour of hoursToLookInto({ hours: series(of, hours) }, now)) wanted.add(hour);
  };
  for (const id of things.sources) look((digest) => ofSource(digest, id));
  for (const id of things.destinations) look((digest) => ofDestination(digest, id));
  const minutes = new Map<string, Digest>();
  const newest = [...wanted]
    .filter((hour) => hour === firstHourOf(now) || hours.has(hour))
    .toSorted()
    .toReversed();
  const read = await Promise.all(
    newest.slice(0, MINUTE_HOURS_MAX).map((hour) => work.digests.minutes(workspaceId, `${hour}:00`, `${hour}:59`)),
  );
  for (const some of read) for (const [minute, digest] of some) minutes.set(minute, digest);
  const triesBy = (of: (digest: Digest) => Tried | undefined): Tries => ({
    hours: series(of, hours),
    minutes: series(of, minutes),
  });
  return {
    now,
    countedTo,
    hours,
    refused,
    destination: (id) => triesBy((digest) => ofDestination(digest, id)),
    source: (id) => triesBy((digest) => ofSource(digest, id)),
    received: (id) =>
      new Map(
        [...hours].map(([hour, { sources }]) => [hour, Object.hasOwn(sources, id) ? (sources[id]?.received ?? 0) : 0]),
      ),
  };
}

async function readRefused({ refusals }: HealthWork, now: string): Promise<Refused[]> {
  const found = new Map<string, Refused>();
  const since = new Date(Date.parse(now) - HEALTH_HOURS * 3_600_000).toISOString();
  const hours = Array.from({ length: HEALTH_HOURS + 1 }, (_, back) => hourPlus(hourOf(now), -back));
  for (let at = 0; at < hours.length; at += AT_ONCE) {
    const notices = await Promise.all(hours.slice(at, at + AT_ONCE).map((hour) => refusals.refusalsOfHour(hour)));
    for (const { at: noticedAt, refusals: some } of notices.flat()) {
      if (noticedAt < since) continue;
      for (const { sourceId, writeKey, reason, count } of some) {
        const key = JSON.stringify([sourceId, writeKey, reason]);
        const sofar = found.get(key);
        const minutes = (sofar?.minutes ?? new Set()).add(minuteOf(noticedAt));
        found.set(key, {
          sourceId,
          writeKey,
          reason,
          count: (sofar?.count ?? 0) + count,
          minutes,
          firstAt: sofar === undefined || noticedAt < sofar.firstAt ? noticedAt : sofar.firstAt,
          lastAt: sofar === undefined || noticedAt > sofar.lastAt ? noticedAt : sofar.lastAt,
        });
      }
    }
  }
  return [...found.values()];
}
