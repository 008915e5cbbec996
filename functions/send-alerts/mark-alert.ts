import type { AlertMark, AlertMarks } from '../../shared/domain/alert-notes.ts';
import type { AlertId, WorkspaceId } from '../../shared/domain/ids.ts';
import type { Notes } from '../../shared/ports/notes.ts';

/** Runs that meet at the note: each loses to another at most so often. */
const TRIES_MAX = 5;
/** Alerts of which something is known: all that there may be, and those that were deleted lately. */
const MARKS_MAX = 300;

export type MarkDeps = { marks: Notes<AlertMarks>; newWriteId: () => string };

export type NewMark = Omit<Partial<AlertMark>, 'channels'> & { results: AlertMark['channels'] };

/** Notes what people are shown of an alert. Best effort after TRIES_MAX: the notification itself holds what became of it. */
export async function markAlert(
  { marks, newWriteId }: MarkDeps,
  workspaceId: WorkspaceId,
  alertId: AlertId,
  { results, ...times }: NewMark,
): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { value = {}, version } = await marks.read(workspaceId);
    const before = Object.hasOwn(value, alertId) ? value[alertId] : undefined;
    const told = new Set(results.map(({ channel }) => channel));
    const mark: AlertMark = {
      ...before,
      ...times,
      channels: [...(before?.channels ?? []).filter(({ channel }) => !told.has(channel)), ...results],
    };
    const others = Object.entries(value).filter(([id]) => id !== alertId);
    const next = Object.fromEntries([...others.slice(-(MARKS_MAX - 1)), [alertId, mark]]);
    if (await marks.save(workspaceId, next, version, newWriteId())) return;
  }
}
