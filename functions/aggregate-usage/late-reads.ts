import { hourPlus } from '../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';

/** Late marks are looked at from so many hours before the last run's on: one that was there before its digest is met again. */
const MARKS_AGAIN_HOURS = 3;

/** A workspace, and the hours whose digests are to be read of it. */
export type Standing = { config: WorkspaceConfig; hours: readonly string[] };

/**
 * What late digests say of a workspace since it stood. Workspaces that stand alike, as nearly all do, share one reading; one that is far behind has its
 * own, and makes nobody else read what it missed. A reading that fails fails for those alone that share it.
 */
export function lateReads<T>(
  standing: readonly Standing[],
  present: string,
  read: (writtenHour: string, workspaceIds: ReadonlySet<string>) => Promise<Map<string, T>>,
): (one: Standing) => Promise<T | undefined> {
  const beginOf = ({ hours: [hour = present] }: Standing): string => hourPlus(hour, -MARKS_AGAIN_HOURS);
  const reads = new Map<string, Promise<Map<string, T>>>();
  return async (one) => {
    const begin = beginOf(one);
    const alike = standing.filter((each) => beginOf(each) === begin).map(({ config }) => config.workspaceId);
    const found = reads.get(begin) ?? read(begin, new Set<string>(alike));
    reads.set(begin, found);
    return (await found).get(one.config.workspaceId);
  };
}
