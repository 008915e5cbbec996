import type { Digest } from '../domain/digest.ts';
import type { SourceId, WorkspaceId } from '../domain/ids.ts';
import { hourOf, hourPlus, minuteOf } from '../domain/timestamp.ts';
import type { DigestReader } from '../ports/digest-store.ts';

/** Events that a source was sent in a time, to the minute, as far as minutes are summed up: three reads, of whole hours and of the minutes at both ends. */
export async function receivedIn(
  digests: Pick<DigestReader, 'minutes' | 'hours'>,
  workspaceId: WorkspaceId,
  sourceId: SourceId,
  { from, to }: { from: string; to: string },
): Promise<number> {
  const sum = (kept: ReadonlyMap<string, Digest>): number =>
    [...kept.values()].reduce((total, { sources }) => total + (sources[sourceId]?.received ?? 0), 0);
  const [first, last] = [hourOf(from), hourOf(to)];
  if (first === last) return sum(await digests.minutes(workspaceId, minuteOf(from), minuteOf(to)));
  const sums = await Promise.all([
    digests.minutes(workspaceId, minuteOf(from), `${first}:59`),
    digests.hours(workspaceId, hourPlus(first, 1), hourPlus(last, -1)),
    digests.minutes(workspaceId, `${last}:00`, minuteOf(to)),
  ]);
  return sums.reduce((total, kept) => total + sum(kept), 0);
}
