import { log } from '../../shared/aws/log.ts';
import type { SourceId } from '../../shared/domain/ids.ts';
import { judgeUnused, UNUSED_DAYS_MAX } from '../../shared/domain/unused-source.ts';
import type { Workspace } from '../../shared/domain/workspace.ts';
import { CHANGES_PER_COMMIT_MAX, type ControlStore } from '../../shared/ports/control-store.ts';
import type { Notes, WatchNote } from '../../shared/ports/notes.ts';

/** Commits of one run in one workspace; the next run goes on. */
const COMMITS_MAX = 20;

export type DisableDeps = {
  control: Pick<ControlStore, 'readConfig' | 'commit'>;
  watch: Notes<WatchNote>;
  now: () => Date;
  newWriteId: () => string;
};

/**
 * Switches off the sources of a workspace that have had no enabled destination for UNUSED_DAYS_MAX days, where the workspace wants that (A16), and notes
 * since when the others have had none. Answers those that it switched off. Holds only while nothing else of the workspace is changed: whoever
 * connects a destination at this moment keeps the source on.
 */
export async function disableUnused(deps: DisableDeps, workspace: Workspace): Promise<SourceId[]> {
  const noted = await deps.watch.read(workspace.id);
  if (!workspace.autoDisableSources) {
    // Switched on again, all days count from then.
    if (noted.value !== undefined) await deps.watch.remove(workspace.id, noted.version);
    return [];
  }
  const watchedSince = noted.value?.since ?? deps.now().toISOString();
  if (noted.value === undefined) {
    await deps.watch.save(workspace.id, { since: watchedSince }, noted.version, deps.newWriteId());
  }
  const disabled: SourceId[] = [];
  for (let commits = 0; commits < COMMITS_MAX; commits += 1) {
    const config = await deps.control.readConfig(workspace.id);
    if (config === undefined) return disabled;
    const used = new Set(
      config.destinations
        .filter(({ destination }) => destination.enabled)
        .map(({ destination }) => destination.sourceId),
    );
    const changed = config.sources
      .flatMap((source) => {
        const next = judgeUnused(source, { isUsed: used.has(source.id), watchedSince, now: deps.now() });
        return next === undefined ? [] : [{ source, next }];
      })
      .slice(0, CHANGES_PER_COMMIT_MAX);
    if (changed.length === 0) return disabled;
    const committed = await deps.control.commit(
      workspace.id,
      changed.map(({ next }) => ({ kind: 'source', verb: 'save', thing: next })),
      { writeId: deps.newWriteId(), ifConfigVersion: config.configVersion },
    );
    if (committed.outcome === 'stale') continue;
    for (const { source, next } of changed) {
      if (!source.enabled || next.enabled) continue;
      log('WARN', `A source was switched off: no enabled destination for ${UNUSED_DAYS_MAX} days`, {
        sourceId: source.id,
      });
      disabled.push(source.id);
    }
  }
  return disabled;
}
