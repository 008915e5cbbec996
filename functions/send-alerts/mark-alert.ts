import type { AlertMark } from '../../shared/domain/alert-notes.ts';
import type { AlertId, WorkspaceId } from '../../shared/domain/ids.ts';
import type { AlertMarkStore } from '../../shared/ports/alert-marks.ts';

/** Runs that meet at the note: each loses to another at most so often. */
const TRIES_MAX = 5;

export type MarkDeps = { marks: Pick<AlertMarkStore, 'of'>; newWriteId: () => string };

export type NewMark = Omit<Partial<AlertMark>, 'channels'> & { results: AlertMark['channels'] };

/** Notes what people are shown of an alert. Best effort after TRIES_MAX: the notification itself holds what became of it. */
export async function markAlert(
  { marks, newWriteId }: MarkDeps,
  workspaceId: WorkspaceId,
  alertId: AlertId,
  { results, ...times }: NewMark,
): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { value: before, version } = await marks.of(alertId).read(workspaceId);
    const told = new Set(results.map(({ channel }) => channel));
    const mark: AlertMark = {
      ...before,
      ...times,
      channels: [...(before?.channels ?? []).filter(({ channel }) => !told.has(channel)), ...results],
    };
    if (await marks.of(alertId).save(workspaceId, mark, version, newWriteId())) return;
  }
}
