import type { DigestParts } from '../../shared/domain/digest-sums.ts';
import type { WorkspaceId } from '../../shared/domain/ids.ts';

/** Sources and destinations, minute by minute, that an environment keeps: some 50 MB. Of 300 that are busy all the time that is three hours. */
const SUBJECTS_MAX = 60_000;

/** The minutes that an hour, in its version `version`, was summed from. */
type Made = { version: number; minutes: ReadonlyMap<string, DigestParts>; subjects: number };

/**
 * What hours were made from, kept in memory between runs of one environment. It is served only for the very version of the hour that this environment
 * made or read last: whoever else puts a minute puts its hour, too, and so has the minutes read again here.
 */
export function minutesOfHours() {
  const kept = new Map<string, Made>();
  let subjects = 0;
  const drop = (key: string): void => {
    subjects -= kept.get(key)?.subjects ?? 0;
    kept.delete(key);
  };
  return {
    get: (workspaceId: WorkspaceId, hour: string, version: number): ReadonlyMap<string, DigestParts> | undefined => {
      const made = kept.get(`${workspaceId} ${hour}`);
      return made?.version === version ? made.minutes : undefined;
    },
    keep: (
      workspaceId: WorkspaceId,
      hour: string,
      version: number,
      minutes: ReadonlyMap<string, DigestParts>,
    ): void => {
      const key = `${workspaceId} ${hour}`;
      drop(key);
      let more = 0;
      for (const { sources, destinations } of minutes.values()) {
        more += Object.keys(sources).length + Object.keys(destinations).length;
      }
      kept.set(key, { version, minutes, subjects: more });
      subjects += more;
      // The one that was put longest ago goes first.
      for (const oldest of kept.keys()) {
        if (subjects <= SUBJECTS_MAX) break;
        drop(oldest);
      }
    },
  };
}

export type MinutesOfHours = ReturnType<typeof minutesOfHours>;
