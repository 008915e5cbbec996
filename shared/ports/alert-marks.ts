import type { AlertMark, AlertMarks, TestCount } from '../domain/alert-notes.ts';
import type { AlertId, WorkspaceId } from '../domain/ids.ts';
import type { Notes } from './notes.ts';

/** What is known of alerts, one note for each: none is in the way of another. */
export type AlertMarkStore = {
  of(alertId: AlertId): Notes<AlertMark>;
  /** All of a workspace: what nobody has written to for MARK_DAYS is gone. */
  list(workspaceId: WorkspaceId): Promise<AlertMarks>;
};

/** Tests of a day, of the alerts of one maker (`default`: of those that nobody has made). */
export type TestCounts = { of(makerId: string): Notes<TestCount> };
