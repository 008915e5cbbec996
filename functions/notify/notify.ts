import * as z from 'zod';
import { log, logError } from '../../shared/aws/log.ts';
import { CONFIG_HINT_DETAIL_TYPE } from '../../shared/config/hint-names.ts';
import { NOTIFY_TIMEOUT_MS } from '../../shared/config/limits.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import { ConfigHint } from '../../shared/domain/config-hint.ts';
import type { Workspace } from '../../shared/domain/workspace.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import { type DisableDeps, disableUnused } from './disable-unused.ts';
import { type ForwardDeps, forwardAudit } from './forward-audit.ts';
import { type ActivityDeps, tellActivity } from './tell-activity.ts';

/** Of its time a run leaves so much to end cleanly: one request and two writes with all their tries. */
const END_MS = 20_000;

const HintEvent = z.object({ 'detail-type': z.literal(CONFIG_HINT_DETAIL_TYPE), detail: ConfigHint });
const ScheduledEvent = z.object({ scheduledAt: z.string() });
const NotifyEvent = z.union([HintEvent, ScheduledEvent]);

export type NotifyDeps = ForwardDeps &
  DisableDeps &
  ActivityDeps & {
    control: Pick<ControlStore, 'listWorkspaces' | 'getWorkspace' | 'getSource'>;
  };

/**
 * Called with a hint, it tells of that workspace's changes and forwards its audit trail; called by the clock, it makes up for hints that were lost, in all workspaces, and looks for
 * sources that nobody uses. Both may be called twice, late or at once. A workspace that fails leaves the others alone; then the run throws at its end,
 * and is tried again.
 */
export const notify =
  (deps: NotifyDeps) =>
  async (event: unknown): Promise<void> => {
    const deadline = new Date(deps.now().getTime() + NOTIFY_TIMEOUT_MS - END_MS);
    const asked = NotifyEvent.parse(event);
    if ('detail' in asked) {
      const workspace = await deps.control.getWorkspace(asked.detail.workspaceId);
      if (workspace === undefined) return;
      // Neither waits for the other to be well: both are tried, and tried again by the next run.
      const ends = await Promise.allSettled([
        tellActivity(deps, workspace, deadline),
        forward(deps, workspace, deadline),
      ]);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      return;
    }
    const failed: string[] = [];
    for (const workspace of await deps.control.listWorkspaces()) {
      try {
        // First: what is switched off is in the audit trail, too.
        await disableUnused(deps, workspace);
        await tellActivity(deps, workspace, deadline);
        await forward(deps, workspace, deadline);
      } catch (error) {
        failed.push(workspace.id);
        logError('A workspace’s changes were not told; the next run tries again', error, { workspaceId: workspace.id });
      }
    }
    if (failed.length > 0) throw new AppError('upstream-unavailable', `Not told: ${failed.join(', ')}`);
  };

async function forward(deps: NotifyDeps, workspace: Workspace, deadline: Date): Promise<void> {
  const { id, auditForwarding } = workspace;
  const source = auditForwarding && (await deps.control.getSource(id, auditForwarding.sourceId));
  const { outcome, events } = await forwardAudit(deps, workspace, source, deadline);
  const fields = { workspaceId: id, events };
  if (outcome === 'waiting') log('WARN', 'The audit trail waits: its source is not there or switched off', fields);
  if (outcome === 'more') log('WARN', 'Not all of the audit trail was forwarded; the next run goes on', fields);
}
